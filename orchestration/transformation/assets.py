"""dbt as Dagster assets, in two steps with a guard between them.

A blocking check protects nothing inside its own dbt step, so the models up to intermediate are one
step and the marts another: the checks between them stop the line before a mart is touched.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import DagsterDbtTranslator, DbtCliResource, DbtProject, dbt_assets

from orchestration.settings import Settings
from orchestration.transformation.metadata import with_metadata
from orchestration.transformation.project import run_target
from orchestration.transformation.warehouse import POOL, wait_until_free

DBT = Path(__file__).parent / "dbt"
BEFORE_MARTS = "resource_type:seed path:models/staging path:models/intermediate"
MARTS = "path:models/marts"


class Translator(DagsterDbtTranslator):
    """Groups by stage, owners by department."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the stage: plan_and_rules, staging, intermediate or marts."""
        if dbt_resource_props["resource_type"] == "seed":
            return "plan_and_rules"
        if dbt_resource_props["resource_type"] == "model":
            return dbt_resource_props["fqn"][1]
        return super().get_group_name(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Return the department of a staging model, the monitoring office otherwise."""
        if self.get_group_name(dbt_resource_props) == "staging":
            return [f"team:{dbt_resource_props['fqn'][2]}"]
        return ["team:monitoring_office"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the model's own description; its SQL has a tab of its own."""
        return dbt_resource_props.get("description") or dbt_resource_props["name"]


def build_transformation_assets(
    settings: Settings, project: DbtProject
) -> list[dg.AssetsDefinition]:
    """Return the two dbt steps: everything before the marts, and the marts."""
    dbt = DbtCliResource(project, dbt_executable=DBT)
    translator = Translator()

    def step(name: str, select: str) -> dg.AssetsDefinition:
        @dbt_assets(
            name=name,
            manifest=project.manifest_path,
            project=project,
            select=select,
            dagster_dbt_translator=translator,
            pool=POOL,
        )
        def build(context: dg.AssetExecutionContext) -> Iterator[Any]:
            settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
            wait_until_free(settings.warehouse, context.log.info)
            invocation = dbt.cli(["build"], context=context, target_path=run_target(settings))
            models = []
            try:
                for event in invocation.stream():
                    if isinstance(event, dg.Output):
                        models.append(event)
                    else:
                        yield event
            finally:
                yield from with_metadata(invocation, models, translator)

        return build

    return [step("dbt_before_marts", BEFORE_MARTS), step("dbt_marts", MARTS)]
