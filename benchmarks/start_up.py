"""What a user waits for before anything happens, against a bare interpreter."""

import statistics
import sys
from typing import Any

from benchmarks.measure import ZENGSHOU, run, write

COMMANDS = {
    "bare_interpreter": [sys.executable, "-c", "pass"],
    "help": [ZENGSHOU, "--help"],
    "load_definitions": [sys.executable, "-c", "import orchestration.definitions"],
    "import_dagster_and_dbt_alone": [sys.executable, "-c", "import dagster, dagster_dbt"],
}
ROUNDS = 3


def ratio() -> dict[str, Any]:
    """Median CPU seconds of each command, interleaved; loading against the libraries alone."""
    seconds: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(ROUNDS):
        for name, command in COMMANDS.items():
            seconds[name].append(run(command)["cpu_seconds"])
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    result = {
        "rounds": ROUNDS,
        "median_cpu_seconds": medians,
        "definitions_over_libraries": round(
            medians["load_definitions"] / medians["import_dagster_and_dbt_alone"], 2
        ),
    }
    write("start_up", result)
    return result
