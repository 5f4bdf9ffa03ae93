"""Validation as Dagster sees it: one asset check per suite, one step per stage.

All suites of a stage run in one step, so that the import of Great Expectations is paid once and
the warehouse is opened once, under the pool that keeps a writer out meanwhile. The critical
expectations of a suite are one check, which blocks what lies downstream; its warnings are another,
which never does. What a waiver lets pass (``waivers.py``) fails neither and is named in both.
"""

from collections.abc import Iterator

import dagster as dg
import pyarrow.compute as pc

from orchestration.automation.runbooks import Runbook
from orchestration.settings import Settings
from orchestration.validation.data_docs import data_docs_index
from orchestration.validation.failures import failures_file, failures_markdown, waived_markdown
from orchestration.validation.stage import Verdict, validate
from orchestration.validation.suites import STAGES, Severity, Stage, Suite, load_suites

_STEPS = {
    "structure": "Keys, parts and wholes, denominators, every row accounted for: between the "
    "intermediate models and the marts. 结构与勾稽校验",
    "figures": "The three values, shares, growth, completion, privacy: between the marts and "
    "publication. 数值合理性校验",
}


def build_checks(settings: Settings) -> list[dg.AssetChecksDefinition]:
    """Return the asset checks of both stages: one step each, one check per suite."""
    return [_stage_checks(settings, stage, load_suites(stage)) for stage in STAGES]


def _stage_checks(
    settings: Settings, stage: Stage, suites: list[Suite]
) -> dg.AssetChecksDefinition:
    @dg.multi_asset_check(
        name=f"validate_{stage}",
        specs=[spec for suite in suites for spec in _specs(suite)],
        description=_STEPS[stage],
        pool="warehouse",
    )
    def validate_stage() -> Iterator[dg.AssetCheckResult]:
        for verdict in validate(settings, stage):
            yield from _results(settings, verdict)

    return validate_stage


def _specs(suite: Suite) -> Iterator[dg.AssetCheckSpec]:
    if suite.has("critical"):
        yield dg.AssetCheckSpec(
            name=suite.name,
            asset=suite.asset,
            description=f"{suite.title_en}. {suite.title_zh}：{suite.purpose_zh}",
            blocking=True,
        )
    if suite.has("warning"):
        yield dg.AssetCheckSpec(
            name=_warnings(suite),
            asset=suite.asset,
            description=f"{suite.title_en}, warnings. {suite.title_zh}（提示，不阻断）",
        )


def _warnings(suite: Suite) -> str:
    return f"{suite.name}_warnings"


def _results(settings: Settings, verdict: Verdict) -> Iterator[dg.AssetCheckResult]:
    suite = verdict.suite
    if suite.has("critical"):
        yield _result(settings, verdict, suite.name, "critical", verdict.unmet_critical)
    if suite.has("warning"):
        yield _result(settings, verdict, _warnings(suite), "warning", verdict.unmet_warnings)


def _result(
    settings: Settings, verdict: Verdict, name: str, severity: Severity, unmet: tuple[str, ...]
) -> dg.AssetCheckResult:
    suite = verdict.suite
    failing, waived = (
        rows.filter(pc.equal(rows["severity"], severity))
        for rows in (verdict.failing, verdict.waived)
    )
    let_pass = sorted(set(waived["title_zh"].to_pylist()))
    return dg.AssetCheckResult(
        check_name=name,
        asset_key=suite.asset,
        passed=not unmet,
        severity=dg.AssetCheckSeverity.ERROR
        if severity == "critical"
        else dg.AssetCheckSeverity.WARN,
        description="；".join([*unmet, *(f"已豁免 waived：{title}" for title in let_pass)])
        or "全部符合 all met",
        metadata={
            "failing_rows": dg.MetadataValue.md(failures_markdown(failing)),
            "failing_row_count": failing.num_rows,
            "waived_rows": dg.MetadataValue.md(waived_markdown(waived)),
            "waived_row_count": waived.num_rows,
            "runbook": Runbook.VALIDATION_CHECK.link,
            "data_docs": dg.MetadataValue.path(data_docs_index(settings)),
            "failures_table": dg.MetadataValue.path(failures_file(settings, suite.stage)),
        },
    )
