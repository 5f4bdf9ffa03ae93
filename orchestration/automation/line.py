"""Running the line from a command: decide what is due, run it through Dagster, report.

Every function returns the command's exit code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from orchestration.automation.console import Display, open_display
from orchestration.automation.due import due_for_judgement, is_publication_current
from orchestration.calendar import Quarter
from orchestration.environment import prepare_environment
from orchestration.publication.manifest import current_manifest
from orchestration.receiving.receive import inbox_files
from orchestration.settings import Settings

if TYPE_CHECKING:
    import dagster as dg

_BUSY = "等待另一次运行结束 (waiting for another run to end): {run}"
_SHOWN_CHARACTERS = 1000
_PUBLISHED = "published"
"""The step that swaps in what is read; what fails after it leaves the new figures standing."""


def receive(settings: Settings) -> int:
    """Take in what lies in the inbox."""
    return _Line(settings).run(None, only_receive=True)


def run_line(settings: Settings, quarter: Quarter | None = None) -> int:
    """Do all that is due, or for one quarter only: receive, judge, compute, check, publish."""
    return _Line(settings).run(quarter)


class _Line:
    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.log = settings.home / "logs" / "run.log"
        self.display: Display | None = None

    def run(self, quarter: Quarter | None, only_receive: bool = False) -> int:
        prepare_environment(self.settings)
        with open_display(self.log) as display:
            files = len(inbox_files(self.settings))
            if not files and (only_receive or self._is_all_done(quarter)):
                display.say("没有待办 (nothing is due): 收件箱为空，已发布的数据是最新的")
                return 0
            return self._run(display, quarter, files, only_receive)

    def _is_all_done(self, quarter: Quarter | None) -> bool:
        is_judged = not due_for_judgement(self.settings, quarter)
        return is_judged and is_publication_current(self.settings)

    def _run(
        self, display: Display, quarter: Quarter | None, files: int, only_receive: bool
    ) -> int:
        display.start("准备 loading the line")
        from orchestration.automation import jobs
        from orchestration.automation.partitions import range_tags
        from orchestration.automation.progress import progress_logger
        from orchestration.automation.runs import execute, open_instance, wait_for_turn
        from orchestration.definitions import build_definitions

        total: dict[str, int] = {}

        def show(stage: str) -> None:
            display.start(stage, total.get(stage))

        definitions = build_definitions(
            self.settings,
            on_received=display.advance,
            on_judged=display.advance,
            loggers={"progress": progress_logger(show)},
        )
        config: dict[str, object] = {"loggers": {"progress": {}}}
        with open_instance(self.settings) as instance:
            wait_for_turn(instance, lambda run: display.say(_BUSY.format(run=run)))
            if files:
                total["收件 receiving"] = files
                result = execute(definitions, jobs.RECEIVE, instance, run_config=config)
                if only_receive or not result.success:
                    return self._report(display, result)
            due = due_for_judgement(self.settings, quarter)
            if due:
                total["审核 judging submissions"] = len(due)
                quarters = sorted(submission.quarter for submission in due)
                tags = range_tags(quarters[0], quarters[-1])
                result = execute(definitions, jobs.QUARTERLY, instance, tags, config)
            elif is_publication_current(self.settings):
                display.finish()
                display.say("已发布的数据是最新的 (what is published is current)")
                return 0
            else:
                result = execute(definitions, jobs.PUBLISH, instance, None, config)
            return self._report(display, result)

    def _report(self, display: Display, result: dg.ExecuteInProcessResult) -> int:
        display.finish(is_ok=result.success)
        if result.success:
            return 0
        for line in _what_failed(result):
            display.say(line)
        manifest = current_manifest(self.settings)
        kept = f" {manifest.publication_id}" if manifest else ""
        done = {event.step_key for event in result.all_events if event.is_step_success}
        if _PUBLISHED in done:
            outcome = f"已发布{kept}，其后的步骤未完成 (published; a later step failed)"
        else:
            outcome = f"未发布：已发布的数据没有改变{kept} (what was published is unchanged)"
        display.say(
            f"{outcome}\n日志 log: {self.log}    界面 UI: zengshou dev    run {result.run_id}"
        )
        return 1


def _what_failed(result: dg.ExecuteInProcessResult) -> list[str]:
    lines = []
    for event in result.all_events:
        if event.is_step_failure:
            lines.append(f"[red]{event.step_key}[/]: {_root_cause(event.step_failure_data.error)}")
    for check in result.get_asset_check_evaluations():
        if check.blocking and not check.passed:
            lines.append(
                f"[red]检查未通过 check failed[/]: {check.check_name} "
                f"({check.asset_key.to_user_string()}) {check.description or ''}"
            )
    return lines


def _root_cause(error: Any) -> str:
    while error is not None and error.cause is not None:
        error = error.cause
    lines = error.message.strip().splitlines() if error is not None else []
    return "\n".join(line for line in lines if line.strip())[:_SHOWN_CHARACTERS]
