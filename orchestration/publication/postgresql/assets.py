"""PostgreSQL as Dagster sees it: one more copy of what has been published, where a database is set.

A deployment without one has no such asset.
"""

import dagster as dg

from orchestration.automation.runbooks import Runbook
from orchestration.publication.postgresql.load import publish_to
from orchestration.settings import Settings


def build_postgresql_assets(settings: Settings) -> list[dg.AssetsDefinition]:
    """Return ``postgresql``, made of ``published``, if the deployment names a database."""
    uri = settings.postgresql
    if uri is None:
        return []

    @dg.asset(
        deps=["published"],
        group_name="publication",
        description=(
            "**发布到 PostgreSQL — the marts where BI servers read them.** Loaded in one "
            "transaction: readers see the old publication or the new one. If the database cannot "
            "be reached, `published` stands, and `zengshou publish` loads it later."
        ),
        owners=["team:monitoring_office"],
        kinds={"postgresql"},
    )
    def postgresql() -> dg.MaterializeResult:
        loaded = publish_to(settings, uri, settings.postgresql_schema)
        return dg.MaterializeResult(
            metadata={
                "publication_id": loaded.publication_id,
                "schema": loaded.schema,
                "runbook": Runbook.AFTER_PUBLICATION.link,
                "dagster/row_count": sum(loaded.rows.values()),
                "views_kept_up": loaded.views,
                "not_dropped": loaded.kept,
            }
        )

    return [postgresql]
