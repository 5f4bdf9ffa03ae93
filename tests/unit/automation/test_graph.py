"""The graph changes only in a commit that says so."""

import json
from graphlib import TopologicalSorter

import dagster as dg
import pytest

from orchestration.automation.jobs import PUBLISH, QUARTERLY, RECEIVE
from orchestration.contracts import load_contracts
from orchestration.definitions import build_definitions
from orchestration.settings import Settings

from graph import GRAPH, describe  # isort: skip


@pytest.fixture(scope="module")
def definitions(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    home = tmp_path_factory.mktemp("graph") / "var"
    with pytest.MonkeyPatch.context() as patch:
        for name in ("ZENGSHOU_HOME", "DAGSTER_HOME", "PATH"):
            patch.setenv(name, str(home) if name != "PATH" else "/usr/bin:/bin")
        loaded = build_definitions(Settings(home=home))
        loaded.resolve_asset_graph()
    assert not home.exists(), "loading the definitions touched the home"
    return loaded


def test_graph_is_the_reviewed_one(definitions: dg.Definitions) -> None:
    reviewed = json.loads(GRAPH.read_text("utf-8"))
    assert describe(definitions) == reviewed, f"if this is meant: python {GRAPH.parent}/graph.py"


def test_every_contract_has_an_asset_by_quarter(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for contract in load_contracts().values():
        node = graph.get(dg.AssetKey(["lake", contract.dataset]))
        assert node.is_partitioned
        assert contract.title in (node.description or "")
        assert node.owners == [f"team:{contract.department}"]
        assert node.freshness_policy is not None


def test_every_asset_says_in_words_what_it_is(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.owners, key
        assert len((node.description or "").split()) >= 3, key


def test_blocking_checks_stand_before_the_marts_and_before_publication(
    definitions: dg.Definitions,
) -> None:
    graph = definitions.resolve_asset_graph()
    blocking = {
        check.asset_key for check in graph.asset_check_keys if graph.get_check_spec(check).blocking
    }
    stages = {(graph.get(key).group_name or "").partition("_")[0] for key in blocking}
    assert {"intermediate", "marts"} <= stages


def test_boxes_are_departments_and_then_subjects(definitions: dg.Definitions) -> None:
    graph = definitions.resolve_asset_graph()
    for contract in load_contracts().values():
        for stage, key in (
            ("ingestion", ["lake", contract.dataset]),
            ("staging", [f"stg_{contract.dataset}"]),
        ):
            assert graph.get(dg.AssetKey(key)).group_name == f"{stage}_{contract.department}"
    assert graph.get(dg.AssetKey("fct_income_components")).group_name == "marts_income"


def test_boxes_form_no_circle(definitions: dg.Definitions) -> None:
    """Folded to its groups, the graph is drawn as one flow from left to right."""
    graph = definitions.resolve_asset_graph()
    upstream: dict[str, set[str]] = {}
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        parents = {graph.get(parent).group_name for parent in node.parent_keys}
        upstream.setdefault(node.group_name, set()).update(parents - {node.group_name, None})
    assert {"ingestion_counties", "staging_counties", "marts_measures"} <= upstream.keys()
    TopologicalSorter(upstream).prepare()


def test_jobs_cover_the_line(definitions: dg.Definitions) -> None:
    everything = definitions.resolve_asset_graph().materializable_asset_keys
    covered = {
        job: definitions.resolve_job_def(job).asset_layer.executable_asset_keys
        for job in (RECEIVE, QUARTERLY, PUBLISH)
    }
    assert covered[RECEIVE] | covered[QUARTERLY] == everything
    assert covered[RECEIVE].isdisjoint(covered[QUARTERLY])
    assert covered[PUBLISH] < covered[QUARTERLY]
