"""The guard as Dagster sees it: one step between what dbt aggregates and what rests on its word."""

from collections.abc import Iterator

import dagster as dg
import pandas as pd

from orchestration.automation.plots import preview
from orchestration.automation.runbooks import Runbook
from orchestration.settings import Settings
from orchestration.transformation.warehouse import POOL, taking_turn

_READ = ("int_signal_statistics", "int_signal_findings", "int_village_stakes", "int_lead_answers")
_DESCRIPTIONS = {
    "signals": "**信号研判 — every signal judged**: statistic, own history, p, q, flagged or not.",
    "entities": "**线索 — signals combined** by village, collector and township.",
    "counties": "**县级研判 — does a county hold some fabrication?** Higher criticism.",
    "placebo": "**零分布自检 — do the nulls still hold?** A drifting signal steps back.",
    "calibration": "**校准 — how often a lead of that score was confirmed.**",
    "audit_list": "**核查名单 — which villages to visit**, some of them drawn at random.",
}


def build_forensics_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """Return the guard's tables, written by one step."""

    @dg.multi_asset(
        name="guard",
        specs=[
            dg.AssetSpec(
                ["guard", table],
                deps=_READ,
                description=description,
                group_name="guard",
                owners=["team:monitoring_office"],
                kinds={"python", "parquet"},
            )
            for table, description in _DESCRIPTIONS.items()
        ],
        pool=POOL,
    )
    def guard(context: dg.AssetExecutionContext) -> Iterator[dg.MaterializeResult]:
        # SciPy takes a second to load; definitions are loaded far more often than leads are judged.
        from orchestration.forensics.calibration import reliability_plot
        from orchestration.forensics.run import assess_warehouse, write_assessment

        with taking_turn(settings.warehouse, context.log.info):
            assessment = assess_warehouse(settings)
            written = write_assessment(settings, assessment)
        for table, rows in written.items():
            metadata: dict[str, dg.MetadataValue | int] = {
                "dagster/row_count": rows,
                "runbook": Runbook.GUARD_FAILED.link,
            }
            if table == "signals":
                metadata["flags"] = _flags(assessment.signals)
            if table == "calibration" and rows:
                settings.reliability_plot.parent.mkdir(parents=True, exist_ok=True)
                plot = reliability_plot(assessment.calibration)
                settings.reliability_plot.write_text(plot, "utf-8")
                metadata["plot"] = dg.MetadataValue.path(settings.reliability_plot)
                metadata["reliability"] = dg.MetadataValue.md(_markdown(assessment.calibration))
            yield dg.MaterializeResult(asset_key=["guard", table], metadata=metadata)

    return [guard]


def _flags(signals: pd.DataFrame) -> dg.MetadataValue:
    """How many entities of each kind each signal flagged in the newest quarter."""
    newest = signals[signals["quarter"] == signals["quarter"].max()]
    counted = newest.groupby(["signal_id", "entity_type"], observed=True)["is_flagged"]
    summed = counted.agg(["size", "sum"]).reset_index()
    return preview(
        ["信号 signal", "对象 entity", "判断数 judged", "列入数 flagged"],
        summed.to_numpy().tolist(),
    )


def _markdown(calibration: pd.DataFrame) -> str:
    """The newest quarter's reliability as a table."""
    newest = calibration[calibration["quarter"] == calibration["quarter"].max()]
    lines = ["| 预计属实 | 核实属实 | 95%区间 | 线索数 |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {row.expected_share:.0%} | {row.confirmed_share:.0%} "
        f"| {row.lower:.0%}–{row.upper:.0%} | {row.leads} |"
        for row in newest.itertuples()
    ]
    return "\n".join(lines)
