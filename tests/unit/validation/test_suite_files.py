"""The suites as files: complete, unambiguous, and in Great Expectations' own serialisation."""

import csv
import json
import re
from pathlib import Path

import pytest

from orchestration.settings import Settings
from orchestration.validation.suites import (
    EXPECTATIONS,
    STAGES,
    Suite,
    SuiteError,
    load_suites,
)

SUITES = [suite for stage in STAGES for suite in load_suites(stage)]


def _ids(suite: Suite) -> str:
    return f"{suite.stage}.{suite.name}"


def test_names_and_ids_are_unique() -> None:
    names = [suite.name for suite in SUITES]
    assert len(set(names)) == len(names)
    for suite in SUITES:
        ids = [item["meta"]["id"] for item in suite.expectations]
        assert len(set(ids)) == len(ids), suite.name


@pytest.mark.parametrize("suite", SUITES, ids=_ids)
def test_suite_stands_on_a_model_of_the_stage_before_it(suite: Suite) -> None:
    models = {
        file.stem for file in Settings(home=Path("unused")).dbt_project.rglob("models/**/*.sql")
    }
    assert suite.asset in models
    assert suite.asset.startswith("int_" if suite.stage == "structure" else "fct_")


@pytest.mark.parametrize("suite", SUITES, ids=_ids)
def test_structure_reads_no_mart(suite: Suite) -> None:
    tables = re.findall(r"(?:from|join)\s+(\w+)", suite.query)
    assert tables
    if suite.stage == "structure":
        assert not [table for table in tables if table.startswith(("dim_", "fct_"))]


@pytest.mark.parametrize("suite", SUITES, ids=_ids)
def test_file_is_what_great_expectations_would_write(suite: Suite) -> None:
    from great_expectations.core.expectation_suite import ExpectationSuite

    written = ExpectationSuite(**json.loads(json.dumps(suite.document))).to_json_dict()
    written["meta"].pop("great_expectations_version")
    by_id = {item["meta"]["id"]: item for item in written["expectations"]}
    assert written["meta"] == suite.document["meta"]
    for item in suite.expectations:
        assert by_id[item["meta"]["id"]] == item


def test_every_signal_of_the_catalogue_is_told() -> None:
    (flags,) = [suite for suite in SUITES if suite.name == "guard_flags"]
    with (Settings(home=Path("unused")).seeds / "signals.csv").open(encoding="utf-8") as handle:
        signals = [f"s{int(row['signal_id'][1:]):02}" for row in csv.DictReader(handle)]
    assert [item["meta"]["id"] for item in flags.expectations] == signals
    assert [item["kwargs"]["column"] for item in flags.expectations] == signals
    assert {item["severity"] for item in flags.expectations} == {"warning"}


def test_orphan_queries_do_not_lie_about() -> None:
    queries = {file.relative_to(EXPECTATIONS) for file in EXPECTATIONS.rglob("*.sql")}
    assert queries == {Path(suite.stage) / f"{suite.name}.sql" for suite in SUITES}


def test_threshold_without_a_source_is_refused(tmp_path: Path) -> None:
    suite = SUITES[0]
    document = json.loads(json.dumps(suite.document))
    document["expectations"][0]["notes"] = ""
    folder = tmp_path / suite.stage
    folder.mkdir()
    (folder / f"{suite.name}.json").write_text(json.dumps(document), "utf-8")
    (folder / f"{suite.name}.sql").write_text("select 1")
    with pytest.raises(SuiteError, match="notes"):
        load_suites(suite.stage, tmp_path)
