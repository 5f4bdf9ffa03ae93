"""The guard at the true size: what all signals together take, and what they take of memory.

A world is written straight into a lake and everything below the signals is built first, untimed;
then dbt's models of the guard and the judgement of their figures run in a process of their own.
"""

import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.measure import run, write
from orchestration.settings import Settings

_BUILD_BELOW = """
import sys
from benchmarks.guard import build_below
build_below(float(sys.argv[1]))
"""
_JUDGE = """
import sys
from benchmarks.guard import judge
judge(sys.argv[1])
"""
_GUARD = "path:models/intermediate/guard int_village_stakes"
_TESTS = "resource_type:test resource_type:unit_test"


def build_below(scale: float) -> None:
    """Fill the home of the environment and build what the signals look at."""
    from orchestration.calendar import Quarter
    from orchestration.evaluation.detector import SELECTION, datasets_needed
    from orchestration.evaluation.lake import write_world
    from orchestration.settings import Settings
    from orchestration.simulation.population import index_of
    from orchestration.simulation.run import Order
    from orchestration.transformation.artifacts import run_target
    from orchestration.transformation.dbt_call import build, failure
    from orchestration.transformation.project import load_project

    settings = Settings()
    last = index_of(Quarter.parse("2025Q4"))
    order = Order(settings.home, settings.seeds, scale, 1, 0.03, 0, last, b"")
    write_world(settings, order, datasets_needed(settings))
    settings.warehouse.parent.mkdir(parents=True)
    wanted = " ".join(f"+{name}" for name in SELECTION)
    built = build(load_project(settings), run_target(settings), wanted, f"{_GUARD} {_TESTS}")
    if problem := failure(built):
        raise problem


def judge(result: str) -> None:
    """Build the guard's models and judge them; write the seconds of each part to a file."""
    import time

    from orchestration.evaluation.detector import SELECTION
    from orchestration.forensics.run import assess_warehouse
    from orchestration.settings import Settings
    from orchestration.transformation.artifacts import run_target
    from orchestration.transformation.dbt_call import build, failure
    from orchestration.transformation.project import load_project

    settings = Settings()
    wanted = " ".join(f"+{name},path:models/intermediate/guard" for name in SELECTION)
    started = time.perf_counter()
    built = build(load_project(settings), run_target(settings), wanted, _TESTS)
    if problem := failure(built):
        raise problem
    aggregated = time.perf_counter()
    assessment = assess_warehouse(settings)
    slowest = sorted(built, key=lambda item: -item.seconds)[:10]
    seconds = {
        "dbt_with_its_start": round(aggregated - started, 1),
        "models": round(sum(item.seconds for item in built), 1),
        "judging": round(time.perf_counter() - aggregated, 1),
        "villages": int(
            assessment.entities.query("entity_type == 'village'")["entity_id"].nunique()
        ),
        "slowest_models": {item.node["name"]: round(item.seconds, 1) for item in slowest},
    }
    Path(result).write_text(json.dumps(seconds), "utf-8")


def full_size(scale: float = 1.0) -> dict[str, Any]:
    """All signals over 13 quarters of about 200 000 households."""
    with tempfile.TemporaryDirectory(prefix="zengshou-bench-") as folder:
        environment = {"ZENGSHOU_HOME": folder}
        below = run([sys.executable, "-c", _BUILD_BELOW, str(scale)], **environment)
        parts = Path(folder) / "parts.json"
        judged = run([sys.executable, "-c", _JUDGE, str(parts)], **environment)
        result = {
            "scale": scale,
            "memory_limit": Settings().memory_limit,
            "not_counted": below,
            "guard": judged,
        }
        result |= json.loads(parts.read_text("utf-8"))
    write("guard_full_size", result)
    return result
