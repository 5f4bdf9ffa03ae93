"""A Dagster logger that tells a display which stage of the line is at work."""

import logging
from collections.abc import Callable
from typing import Any

import dagster as dg

Show = Callable[[str], None]

_STAGES = {
    "received_submissions": "收件 receiving",
    "lake": "审核 judging submissions",
    "ledger": "台账 writing the ledger's table",
    "dbt_before_guard": "计算 computing: staging and intermediate models",
    "guard": "研判 weighing the signals",
    "dbt_after_guard": "计算 computing: verified figures and marts",
    "published": "发布 publishing",
    "postgresql": "发布到 PostgreSQL loading the database",
    "reports": "报告 writing reports and evidence packs",
    "dbt_docs": "文档 documenting the models",
}
_CHECKING = "检查 checking"


def stage_of(step_key: str) -> str:
    """Return what people call the stage that a step belongs to."""
    return _STAGES.get(step_key) or _STAGES.get(step_key.partition("__")[0]) or _CHECKING


def progress_logger(show: Show) -> dg.LoggerDefinition:
    """Return a logger that calls ``show`` with the stage of every step that starts."""

    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            event: Any = getattr(record, "dagster_meta", {}).get("dagster_event")
            if event is not None and event.is_step_start:
                show(stage_of(event.step_key))

    @dg.logger
    def progress(_: dg.InitLoggerContext) -> logging.Logger:
        logger = logging.Logger("zengshou.progress", logging.DEBUG)
        logger.addHandler(Handler())
        return logger

    return progress
