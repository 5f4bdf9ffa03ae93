"""The whole line at one scale: seconds and memory of each command, seconds of each Dagster step."""

import os
import tempfile
from pathlib import Path
from typing import Any

import dagster as dg

from benchmarks.measure import ZENGSHOU, run, write


def step_seconds(home: Path) -> dict[str, float]:
    """Return the seconds of every step of the newest run, longest first."""
    os.environ["DAGSTER_HOME"] = str(home / "dagster")
    with dg.DagsterInstance.get() as instance:
        newest = instance.get_runs(limit=1)[0]
        steps = {
            step.step_key: round(step.end_time - step.start_time, 1)
            for step in instance.get_run_step_stats(newest.run_id)
            if step.start_time and step.end_time
        }
    return dict(sorted(steps.items(), key=lambda item: -item[1]))


def measure_line(name: str, *simulate: str, next_quarter: str | None = None) -> dict[str, Any]:
    """Simulate, receive, run and publish in an empty home; write ``results/<name>.json``."""
    with tempfile.TemporaryDirectory(prefix="zengshou-bench-") as folder:
        home = Path(folder)
        environment = {"ZENGSHOU_HOME": folder}
        result: dict[str, Any] = {"simulate_options": list(simulate)}
        result["simulate"] = run([ZENGSHOU, "simulate", *simulate], **environment)
        result["run"] = run([ZENGSHOU, "run"], **environment)
        result["run_steps_seconds"] = step_seconds(home)
        result["run_with_nothing_due"] = run([ZENGSHOU, "run"], **environment)
        if next_quarter:
            quarter = ["--from", next_quarter, "--to", next_quarter]
            run([ZENGSHOU, "simulate", *simulate[:2], *quarter], **environment)
            result["one_more_quarter"] = run([ZENGSHOU, "run"], **environment)
        result["home_mib"] = round(
            sum(file.stat().st_size for file in home.rglob("*") if file.is_file()) / 1024**2
        )
    write(name, result)
    return result


def demo() -> dict[str, Any]:
    """The demo's size: every quarter up to 2025Q3, then 2025Q4 as the one more quarter."""
    return measure_line("line_demo", "--scale", "0.04", "--to", "2025Q3", next_quarter="2025Q4")


def full_size() -> dict[str, Any]:
    """One quarter at the true size: about 200 000 households and 800 000 persons."""
    quarter = ["--from", "2024Q3", "--to", "2024Q3"]
    return measure_line("line_full_size", "--scale", "1", *quarter)
