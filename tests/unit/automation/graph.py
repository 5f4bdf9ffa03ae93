"""The graph of the line as plain data, so that a change of it shows in review.

``python tests/unit/automation/graph.py`` writes ``graph.json`` anew.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

import dagster as dg

from orchestration.definitions import build_definitions
from orchestration.settings import Settings

GRAPH = Path(__file__).with_name("graph.json")


def describe(definitions: dg.Definitions) -> dict[str, Any]:
    """Return assets with group, owners, upstream assets and checks; jobs, schedules, sensors."""
    graph = definitions.resolve_asset_graph()
    checks: dict[str, list[str]] = {}
    for check in graph.asset_check_keys:
        checks.setdefault(check.asset_key.to_user_string(), []).append(check.name)
    return {
        "assets": {
            key.to_user_string(): {
                "group": graph.get(key).group_name,
                "owners": sorted(graph.get(key).owners),
                "upstream": sorted(
                    parent.to_user_string() for parent in graph.get(key).parent_keys
                ),
                "checks": sorted(checks.get(key.to_user_string(), [])),
            }
            for key in sorted(graph.materializable_asset_keys)
        },
        "jobs": {
            job.name: len(job.asset_layer.executable_asset_keys)
            for job in definitions.resolve_all_job_defs()
            if not job.name.startswith("__")
        },
        "schedules": {
            schedule.name: [schedule.cron_schedule, schedule.job_name]
            for schedule in definitions.schedules or []
        },
        "sensors": sorted(sensor.name for sensor in definitions.sensors or []),
    }


def current() -> dict[str, Any]:
    """Return the graph of a deployment without data."""
    with tempfile.TemporaryDirectory() as home:
        return describe(build_definitions(Settings(home=Path(home))))


if __name__ == "__main__":
    GRAPH.write_text(json.dumps(current(), indent=1, ensure_ascii=False) + "\n", "utf-8")
