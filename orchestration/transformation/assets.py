"""dbt as Dagster assets, in two steps with a guard between them.

A blocking check protects nothing inside its own dbt step, so the models that the guard looks at are
one step, and the marts with everything that rests on the guard's word another: the checks and the
guard's statistics between them come before a mart is touched.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import dagster as dg
import duckdb
from dagster_dbt import DagsterDbtTranslator, DbtProject, dbt_assets

from orchestration.automation.plots import preview
from orchestration.automation.runbooks import Runbook
from orchestration.settings import Settings
from orchestration.transformation.artifacts import origins_file, run_target
from orchestration.transformation.dbt_call import Built, build, failure, write_docs
from orchestration.transformation.facts import (
    Columns,
    Rows,
    read_columns,
    read_head,
    read_heads,
    read_row_counts,
)
from orchestration.transformation.lineage import Lineage
from orchestration.transformation.warehouse import POOL, taking_turn

AFTER_GUARD = "source:guard+ path:models/marts"
BEFORE_GUARD = "resource_type:seed path:models/staging path:models/intermediate"

_MART = ("dim_", "fct_")
_WHAT_TO_DO = (
    "查看 failing_rows（最多10行）和 query；数据有误的，按来源文件和行退回改正后重报；"
    "规则有误的，改模型旁的 YAML。已发布的数据不受影响。"
    " Look at failing_rows (ten at most) and query. Wrong data: have the file mended and sent "
    "again. Wrong rule: change the YAML beside the model. What is published stands."
)

StepEvent = dg.MaterializeResult | dg.AssetCheckResult


class Translator(DagsterDbtTranslator):
    """Groups by stage and department or, from intermediate on, by stage and subject."""

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Return the group that the folder of a model stands for."""
        if dbt_resource_props["resource_type"] == "seed":
            return "plan_and_rules"
        if dbt_resource_props["resource_type"] == "model":
            _, stage, folder, *_ = dbt_resource_props["fqn"]
            return f"{stage}_{folder}"
        return super().get_group_name(dbt_resource_props)

    def get_owners(self, dbt_resource_props: Mapping[str, Any]) -> list[str]:
        """Return the group that dbt names: the department of a dataset, or the office."""
        return [f"team:{dbt_resource_props['config'].get('group') or 'monitoring_office'}"]

    def get_description(self, dbt_resource_props: Mapping[str, Any]) -> str:
        """Return the model's own description; its SQL has a tab of its own."""
        return dbt_resource_props.get("description") or dbt_resource_props["name"]


def build_transformation_assets(
    settings: Settings, project: DbtProject
) -> list[dg.AssetsDefinition]:
    """Return the two dbt steps: what the guard looks at, and what rests on its word."""
    translator = Translator()

    def step(name: str, select: str, exclude: str = "") -> dg.AssetsDefinition:
        # In a run of some assets the definition that a step is given holds only those.
        whole: set[dg.AssetKey] = set()

        @dbt_assets(
            name=name,
            manifest=project.manifest_path,
            project=project,
            select=select,
            exclude=exclude or None,
            dagster_dbt_translator=translator,
            pool=POOL,
        )
        def build_step(context: dg.AssetExecutionContext) -> Iterator[StepEvent]:
            with taking_turn(settings.warehouse, context.log.info):
                is_whole = context.selected_asset_keys == whole
                chosen = (select, exclude) if is_whole else (_picked(context), "")
                built = build(project, run_target(settings), *chosen)
                events = [*_StepReport(context, settings, project, translator).events(built)]
            yield from events
            if (failed := failure(built)) is not None:
                raise failed

        whole.update(build_step.keys)
        return build_step

    return [
        step("dbt_before_guard", BEFORE_GUARD, exclude=AFTER_GUARD),
        step("dbt_after_guard", AFTER_GUARD),
    ]


def build_docs_asset(settings: Settings, project: DbtProject) -> dg.AssetsDefinition:
    """Return ``dbt_docs``: the models and their lineage as a page, once they are published."""

    @dg.asset(
        deps=["published"],
        group_name="publication",
        description=(
            "**模型文档 — every model, column and test in words, and what depends on what.** "
            "dbt's own documentation as one page that opens without a server or a network."
        ),
        owners=["team:monitoring_office"],
        kinds={"dbt"},
        pool=POOL,
    )
    def dbt_docs(context: dg.AssetExecutionContext) -> dg.MaterializeResult:
        with taking_turn(settings.warehouse, context.log.info):
            write_docs(project, run_target(settings), settings.dbt_docs)
        return dg.MaterializeResult(metadata={"page": dg.MetadataValue.path(settings.dbt_docs)})

    return dbt_docs


def _picked(context: dg.AssetExecutionContext) -> str:
    """Return what dbt selects where a person has picked some assets of a step."""
    specs = map(context.assets_def.get_asset_spec, context.selected_asset_keys)
    return " ".join(sorted(_unique_id(spec).split(".")[-1] for spec in specs))


class _StepReport:
    """What Dagster is told of a dbt step: its models and what is in them, its tests' outcomes."""

    def __init__(
        self,
        context: dg.AssetExecutionContext,
        settings: Settings,
        project: DbtProject,
        translator: Translator,
    ) -> None:
        definition = context.assets_def
        self._models = {
            _unique_id(definition.get_asset_spec(key)): key for key in context.selected_asset_keys
        }
        self._tests = {
            _unique_id(spec): spec.key
            for spec in definition.check_specs
            if spec.key in context.selected_asset_check_keys
        }
        self._settings = settings
        self._manifest = json.loads(project.manifest_path.read_text("utf-8"))
        self._lineage = Lineage(origins_file(settings), translator.get_asset_key)

    def events(self, built: Iterable[Built]) -> Iterator[StepEvent]:
        done = [item for item in built if item.has_run]
        models = [item for item in done if item.unique_id in self._models]
        if models:
            columns = read_columns(self._settings.warehouse)
            names = [item.node["alias"] for item in models]
            rows = read_row_counts(self._settings.warehouse, names)
            marts = [name for name in names if name.startswith(_MART)]
            heads = read_heads(self._settings.warehouse, marts, columns)
            for item in models:
                name = item.node["alias"]
                yield self._materialisation(item, columns, rows.get(name), heads.get(name))
            self._lineage.save()
        for item in done:
            if item.unique_id in self._tests:
                yield self._check_result(item, self._tests[item.unique_id])

    def _materialisation(
        self, item: Built, columns: Columns, rows: int | None, head: Rows | None
    ) -> dg.MaterializeResult:
        metadata: dict[str, Any] = {
            "dagster/column_schema": _table_schema(item.node, columns),
            "seconds": round(item.seconds, 2),
        }
        if rows is not None:
            metadata["dagster/row_count"] = rows
        if head is not None:
            metadata["preview"] = preview(*head)
        parents = [self._node(name) for name in self._manifest["parent_map"][item.unique_id]]
        lineage = self._lineage.of(item.node, parents, columns)
        if lineage is not None:
            metadata["dagster/column_lineage"] = lineage
        return dg.MaterializeResult(asset_key=self._models[item.unique_id], metadata=metadata)

    def _check_result(self, item: Built, key: dg.AssetCheckKey) -> dg.AssetCheckResult:
        is_met = item.status == "pass"
        metadata: dict[str, Any] = {
            "failing_row_count": item.failures or 0,
            "seconds": round(item.seconds, 2),
            "rule": _rule_in_words(item.node),
            "runbook": Runbook.DBT_TEST.link,
        }
        if not is_met and (query := item.node.get("compiled_code")):
            with duckdb.connect(str(self._settings.warehouse), read_only=True) as connection:
                metadata["failing_rows"] = preview(*read_head(connection, query))
            metadata["query"] = dg.MetadataValue.md(f"```sql\n{query.strip()}\n```")
            metadata["what_to_do"] = _WHAT_TO_DO
        return dg.AssetCheckResult(
            asset_key=key.asset_key,
            check_name=key.name,
            passed=is_met,
            severity=dg.AssetCheckSeverity.WARN
            if item.status == "warn"
            else dg.AssetCheckSeverity.ERROR,
            description="全部符合 all met"
            if is_met
            else f"未通过：{item.failures or 0}行不符合规则 (rows that break the rule). "
            f"{item.message}",
            metadata=metadata,
        )

    def _node(self, unique_id: str) -> Mapping[str, Any]:
        return self._manifest["nodes"].get(unique_id) or self._manifest["sources"][unique_id]


def _rule_in_words(node: Mapping[str, Any]) -> str:
    """Return what a test asks for: its own words, or its kind, its column and its arguments."""
    if node.get("description"):
        return " ".join(node["description"].split())
    test = node.get("test_metadata") or {}
    arguments = {name: value for name, value in test.get("kwargs", {}).items() if name != "model"}
    said = "; ".join(f"{name}: {value}" for name, value in arguments.items())
    return f"{test.get('name', node['name'])} ({said})" if said else str(node["name"])


def _table_schema(node: Mapping[str, Any], columns: Columns) -> dg.TableSchema:
    described = node["columns"]
    return dg.TableSchema(
        [
            dg.TableColumn(
                name, data_type, description=described.get(name, {}).get("description") or None
            )
            for name, data_type in columns.get(node["alias"], {}).items()
        ]
    )


def _unique_id(spec: dg.AssetSpec | dg.AssetCheckSpec) -> str:
    """Return the dbt node that dagster-dbt made an asset or a check of."""
    return str(spec.metadata["dagster_dbt/unique_id"])
