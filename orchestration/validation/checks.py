"""Validation as Dagster sees it: one asset check per suite, one step per stage.

All suites of a stage run in one step, so that the import of Great Expectations is paid once and the
warehouse is opened once, under the pool that keeps a writer out meanwhile. A critical expectation
blocks what lies downstream; a warning never does.
"""

from collections.abc import Iterator

import dagster as dg

from orchestration.settings import Settings
from orchestration.validation.data_docs import data_docs_index
from orchestration.validation.failures import failures_file, failures_markdown
from orchestration.validation.stage import Verdict, validate
from orchestration.validation.suites import STAGES, Stage, Suite, load_suites

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
        specs=[
            dg.AssetCheckSpec(
                name=suite.name,
                asset=suite.asset,
                description=f"{suite.title_en}. {suite.title_zh}：{suite.purpose_zh}",
                blocking=suite.is_blocking,
            )
            for suite in suites
        ],
        description=_STEPS[stage],
        pool="warehouse",
    )
    def validate_stage() -> Iterator[dg.AssetCheckResult]:
        for verdict in validate(settings, stage):
            yield _result(settings, verdict)

    return validate_stage


def _result(settings: Settings, verdict: Verdict) -> dg.AssetCheckResult:
    suite = verdict.suite
    unmet = [*verdict.unmet_critical, *verdict.unmet_warnings]
    return dg.AssetCheckResult(
        check_name=suite.name,
        asset_key=suite.asset,
        passed=verdict.is_passed,
        severity=dg.AssetCheckSeverity.ERROR if verdict.is_blocked else dg.AssetCheckSeverity.WARN,
        description="；".join(unmet) or f"{suite.title_zh}：全部符合",
        metadata={
            "failing_rows": dg.MetadataValue.md(failures_markdown(verdict.failing)),
            "failing_row_count": verdict.failing.num_rows,
            "expectations": len(suite.expectations),
            "data_docs": dg.MetadataValue.path(data_docs_index(settings)),
            "failures_table": dg.MetadataValue.path(failures_file(settings, suite.stage)),
        },
    )
