"""The one entry point for Dagster: what the line consists of, and nothing else.

``build_definitions`` is a pure factory: loading starts no run and touches no data.
"""

from collections.abc import Mapping

import dagster as dg

from orchestration.automation.diary import write_without_waiting
from orchestration.automation.jobs import JOBS
from orchestration.automation.schedules import build_schedules
from orchestration.automation.sensors import build_sensors
from orchestration.contracts import load_contracts
from orchestration.environment import prepare_environment
from orchestration.forensics.assets import build_forensics_assets
from orchestration.ingestion.assets import OnJudged, build_ingestion_assets
from orchestration.publication.assets import build_publication_assets
from orchestration.publication.postgresql.assets import build_postgresql_assets
from orchestration.receiving.assets import OnReceived, build_receiving_assets
from orchestration.settings import Settings
from orchestration.transformation.assets import build_docs_asset, build_transformation_assets
from orchestration.transformation.project import load_project
from orchestration.validation.checks import build_checks


def build_definitions(
    settings: Settings,
    on_received: OnReceived | None = None,
    on_judged: OnJudged | None = None,
    loggers: Mapping[str, dg.LoggerDefinition] | None = None,
) -> dg.Definitions:
    """Return the whole line of a deployment.

    Commands that show progress hear of every received file and every judged submission, and give
    their own loggers.
    """
    prepare_environment(settings)
    write_without_waiting()
    contracts = load_contracts()
    project = load_project(settings)
    transformation = build_transformation_assets(settings, project)
    checks = build_checks(settings)
    return dg.Definitions(
        assets=[
            *build_receiving_assets(settings, contracts, on_received),
            *build_ingestion_assets(settings, contracts.values(), on_judged),
            *transformation,
            *build_forensics_assets(settings),
            *build_publication_assets(settings, transformation, checks),
            *build_postgresql_assets(settings),
            build_docs_asset(settings, project),
        ],
        asset_checks=checks,
        jobs=JOBS,
        schedules=build_schedules(),
        sensors=build_sensors(settings),
        # One process per run: a step is a fraction of a second, starting a process is seconds.
        # What is worth spreading over processes (reading files) spreads itself.
        executor=dg.in_process_executor,
        loggers=loggers,
    )


@dg.definitions
def defs() -> dg.Definitions:
    """Return the line of the deployment that the environment names."""
    return build_definitions(Settings())
