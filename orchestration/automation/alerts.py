"""Alerts: one line per failed run in ``logs/alerts.log``, for a person or a log collector."""

import json

import dagster as dg

from orchestration.receiving.ledger import now
from orchestration.settings import Settings


def write_alert(settings: Settings, run: dg.DagsterRun, message: str) -> None:
    """Append one line that says which run failed and why."""
    file = settings.home / "logs" / "alerts.log"
    file.parent.mkdir(parents=True, exist_ok=True)
    alert = {
        "at": now().isoformat(timespec="seconds"),
        "job": run.job_name,
        "run_id": run.run_id,
        "message": " ".join(message.split()),
    }
    with file.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps(alert, ensure_ascii=False) + "\n")
