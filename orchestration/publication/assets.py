"""Publication as Dagster sees it, and which judgements a publication may rest on."""

from collections.abc import Iterable, Sequence

import dagster as dg

from orchestration.automation.due import remember_publication
from orchestration.automation.plots import bars, table
from orchestration.automation.runbooks import Runbook
from orchestration.calendar import Quarter
from orchestration.publication import words
from orchestration.publication.landing import landing_page
from orchestration.publication.manifest import MANIFEST, Manifest
from orchestration.publication.marts import REGION, open_marts
from orchestration.publication.publish import PublicationRefused, publish
from orchestration.publication.reports import Reports, write_reports
from orchestration.receiving.assets import MADE_FROM, SUBMISSIONS_KEY
from orchestration.settings import Settings
from orchestration.transformation.warehouse import POOL, taking_turn


def build_publication_assets(
    settings: Settings,
    transformation: Sequence[dg.AssetsDefinition],
    checks: Sequence[dg.AssetChecksDefinition],
) -> list[dg.AssetsDefinition]:
    """Return ``published``, made of the last dbt step once checks have passed, and ``reports``."""
    built = sorted(key for step in transformation for key in step.keys)
    check_keys = sorted(
        spec.key for definition in checks for spec in definition.check_specs if spec.blocking
    )

    @dg.asset(
        deps=sorted(transformation[-1].keys),
        group_name="publication",
        description=(
            "**发布 — the copy that reports and auditors read.** The marts, copied into a "
            "read-only DuckDB file and Parquet, swapped in at once. Only figures that passed every "
            "check get here; if a check fails, what was published before stays, byte for byte."
        ),
        owners=["team:monitoring_office"],
        kinds={"duckdb", "parquet"},
        pool=POOL,
    )
    def published(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        builder = builder_of(context.instance, built)
        passed = {
            key.to_user_string(): has_passed(context.instance, key, builder) for key in check_keys
        }
        with taking_turn(settings.warehouse, context.log.info):
            manifest = publish(settings, passed)
        made_from = _made_from(context.instance, builder)
        if made_from:
            remember_publication(settings, manifest.publication_id, made_from)
        return dg.MaterializeResult(
            metadata={**_metadata(settings, manifest), "income": _income(settings)}
        )

    @dg.asset(
        deps=[published, "dbt_docs"],
        group_name="publication",
        description=(
            "**报告 — the pages and workbooks that people open.** The report site of the newest "
            "quarter (and of every quarter that has one), an evidence pack per county, and the "
            "landing page in front of them, all from the current publication."
        ),
        owners=["team:monitoring_office"],
        kinds={"html", "xlsx"},
    )
    def reports() -> dg.MaterializeResult:
        written = write_reports(settings)
        return dg.MaterializeResult(metadata=_report_metadata(written))

    return [published, reports]


def builder_of(instance: dg.DagsterInstance, built: Iterable[dg.AssetKey]) -> str:
    """Return the run that built the warehouse as it is now.

    Raises:
        PublicationRefused: its tables come from several runs, so no one has judged them together.
    """
    runs = set()
    for key in built:
        event = instance.get_latest_materialization_event(key)
        runs.add(event.run_id if event else "")
    if len(runs) != 1 or "" in runs:
        raise PublicationRefused(
            "未发布：数仓各表不是同一次运行的结果，请重新运行 "
            "(the warehouse mixes tables of several runs; run the whole line again)"
        )
    return runs.pop()


def has_passed(instance: dg.DagsterInstance, key: dg.AssetCheckKey, builder: str) -> bool:
    """Whether a check passed in the run that built the tables, not in some earlier one."""
    record = instance.get_latest_asset_check_evaluation_record(key)
    if record is None or record.run_id != builder or record.evaluation is None:
        return False
    return record.evaluation.passed


def _made_from(instance: dg.DagsterInstance, builder: str) -> str | None:
    """Return from which state of ledger and code that run started."""
    event = instance.get_latest_materialization_event(SUBMISSIONS_KEY)
    if event is None or event.run_id != builder or event.asset_materialization is None:
        return None
    return str(event.asset_materialization.metadata[MADE_FROM].value)


def _metadata(settings: Settings, manifest: Manifest) -> dict[str, dg.MetadataValue | str | int]:
    return {
        "publication_id": manifest.publication_id,
        "dagster/row_count": sum(manifest.row_counts.values()),
        "tables": table(
            {"table": name, "rows": rows} for name, rows in sorted(manifest.row_counts.items())
        ),
        "checks_passed": len(manifest.checks_passed),
        "data_as_of": manifest.provenance.data_as_of or "—",
        "is_synthetic": str(manifest.provenance.is_synthetic).lower(),
        "folder": dg.MetadataValue.path(str(settings.published)),
        "manifest": dg.MetadataValue.path(str(settings.published / MANIFEST)),
        "landing_page": dg.MetadataValue.path(str(landing_page(settings))),
        "runbook": Runbook.PUBLICATION_REFUSED.link,
    }


def _income(settings: Settings) -> dg.MetadataValue:
    """The region's net income per person by quarter, in its three values."""
    with open_marts(settings) as marts:
        rows = marts.rows(
            "select quarter, per_capita_reported, per_capita_recomputed, per_capita_verified "
            "from fct_income_components where county_code = $region and component = 'net_income' "
            "order by quarter",
            region=REGION,
        )
    return bars(
        "全区人均纯收入，收入年度累计（元） net income per person",
        [Quarter(row["quarter"]).label for row in rows],
        {
            f"{words.VALUES[value]} {value}": [row[f"per_capita_{value}"] for row in rows]
            for value in words.VALUES
        },
    )


def _report_metadata(written: Reports) -> dict[str, dg.MetadataValue]:
    pages = {
        f"site_{quarter.label}": dg.MetadataValue.path(str(page))
        for quarter, page in written.sites.items()
    }
    packs = [
        {"quarter": quarter.label, "pack": str(pack)}
        for quarter, found in written.packs.items()
        for pack in found
    ]
    return {
        "runbook": Runbook.AFTER_PUBLICATION.link,
        "landing_page": dg.MetadataValue.path(str(written.landing_page)),
        **pages,
        **({"evidence_packs": table(packs)} if packs else {}),
    }
