"""The whole line on a small simulated world, with real files and real engines."""

import json
from pathlib import Path

import duckdb
import openpyxl
import pytest

from orchestration.calendar import Quarter
from orchestration.ingestion.lake import accepted_file
from orchestration.publication.manifest import DATABASE, MANIFEST, damaged_files
from orchestration.receiving.ledger import Ledger
from orchestration.settings import PROJECT_ROOT, Settings

ABOUT_SUBMISSIONS = {"fct_submissions", "about"}
"""What a wrong file may change: that it came, and when the newest file came. No figure."""

END_OF_2024 = Quarter.of(2024, 3)
HAIYUAN = "640522"


def test_published_file_answers_the_question(small_home: Settings) -> None:
    with duckdb.connect(str(small_home.published / DATABASE), read_only=True) as connection:
        (row,) = connection.execute(
            "select per_capita_reported, per_capita_recomputed, per_capita_verified "
            "from fct_income_components where county_code = ? and income_year = 2024 "
            "and is_income_year_end and component = 'net_income'",
            [HAIYUAN],
        ).fetchall()
    reported, recomputed, verified = row
    assert 5_000 < reported < 50_000
    assert recomputed > 0
    assert verified <= recomputed


def test_publication_is_whole(small_home: Settings) -> None:
    assert damaged_files(small_home.published) == []
    manifest = json.loads((small_home.published / MANIFEST).read_text("utf-8"))
    assert manifest["checks_passed"]
    assert manifest["provenance"]["is_synthetic"] is True


def test_models_are_documented_on_one_page(small_home: Settings) -> None:
    page = small_home.dbt_docs.read_text("utf-8")
    assert "fct_income_components" in page
    assert str(PROJECT_ROOT) not in page
    assert str(small_home.home) not in page


def test_every_received_file_is_judged_and_answered(small_home: Settings) -> None:
    ledger = Ledger(small_home.ledger_file)
    received = ledger.received()
    assert len(received) > 100
    assert received.keys() == ledger.judged().keys()
    for submission in received.values():
        receipt = small_home.receipts / submission.quarter.label / submission.submission_id
        assert receipt.with_name(receipt.name + ".xlsx").exists(), submission.submission_id
        assert receipt.with_name(receipt.name + ".txt").exists(), submission.submission_id


def test_ledger_landing_and_lake_verify(small_home: Settings, zengshou) -> None:
    assert "完好" in zengshou(small_home.home, "verify").stdout


def test_no_identity_number_leaves_ingestion(small_home: Settings) -> None:
    looks_like_one = r"(^|[^0-9a-f])[1-9][0-9]{16}[0-9Xx]($|[^0-9a-f])"
    tables = [*small_home.accepted.iterdir(), *small_home.quarantine.iterdir()]
    tables += (small_home.published / "parquet").iterdir()
    with duckdb.connect() as connection:
        for table in tables:
            rows = connection.read_parquet(f"{table}/**/*.parquet", hive_partitioning=False)
            for column, type_ in zip(rows.columns, rows.types, strict=True):
                if str(type_) == "VARCHAR" and "sha256" not in column:
                    found = rows.filter(f"regexp_matches(\"{column}\", '{looks_like_one}')")
                    assert len(found) == 0, (table, column)


def test_nothing_due_is_said_without_a_run(changeable_home: Settings, zengshou) -> None:
    runs = _runs(changeable_home)
    assert "没有待办" in zengshou(changeable_home.home, "run").stdout
    assert _runs(changeable_home) == runs


def test_wrong_files_change_no_figure_and_a_lost_partition_comes_back(
    changeable_home: Settings, zengshou
) -> None:
    before = _mart_hashes(changeable_home)
    partition = changeable_home.accepted / "household_roster" / f"quarter={END_OF_2024.key}"
    rows = _bytes(partition)
    assert rows
    for file in partition.iterdir():
        file.unlink()
    _drop_wrong_files(changeable_home)

    zengshou(changeable_home.home, "run")

    after = _mart_hashes(changeable_home)
    assert list(changeable_home.inbox.iterdir()) == []
    assert {name for name in before if before[name] != after[name]} <= ABOUT_SUBMISSIONS
    assert after["fct_submissions"] != before["fct_submissions"]
    assert _bytes(partition) == rows


def test_failing_check_leaves_the_publication_as_it_was(
    changeable_home: Settings, zengshou
) -> None:
    published = _bytes(changeable_home.published)
    file = accepted_file(
        changeable_home, "household_income_report", END_OF_2024, HAIYUAN, version=1
    )
    with duckdb.connect() as connection:
        doubled = file.with_suffix(".doubled")
        connection.execute(
            f"copy (from read_parquet('{file}') union all from read_parquet('{file}')) "
            f"to '{doubled}' (format parquet)"
        )
    doubled.replace(file)
    (changeable_home.dagster_home / "publication.json").unlink()

    output = zengshou(changeable_home.home, "run", exit_code=1).stdout

    assert "未发布" in output
    assert _bytes(changeable_home.published) == published


@pytest.mark.parametrize("command", ["simulate", "receive", "run", "verify", "dev", "demo"])
def test_help_says_what_a_command_does(tmp_path: Path, zengshou, command: str) -> None:
    assert "Usage" in zengshou(tmp_path / "var", command, "--help").stdout
    assert not (tmp_path / "var").exists()


def _drop_wrong_files(settings: Settings) -> None:
    """No workbook, no table, a table without the columns, and another county's figures."""
    (settings.inbox / "家庭收入情况表.xlsx").write_bytes(b"not a workbook")
    (settings.inbox / "会议照片.jpg").write_bytes(b"\xff\xd8\xff\xe0" + bytes(1000))
    name = f"household_income_report__{HAIYUAN}__{END_OF_2024.label}"
    _workbook(settings.inbox / f"{name}.xlsx", [["联系人", "电话"], ["张三", "无"]])
    sent = _landed(settings, "household_income_report", "640521")
    name = f"household_income_report__640181__{END_OF_2024.label}"
    (settings.inbox / f"{name}{sent.suffix}").write_bytes(sent.read_bytes())


def _workbook(file: Path, rows: list[list[str]]) -> None:
    workbook = openpyxl.Workbook()
    for row in rows:
        workbook.active.append(row)
    workbook.save(file)


def _landed(settings: Settings, dataset: str, sender: str) -> Path:
    for submission in Ledger(settings.ledger_file).received().values():
        if (submission.dataset, submission.sender) == (dataset, sender):
            return submission.landing_file(settings)
    raise AssertionError((dataset, sender))


def _mart_hashes(settings: Settings) -> dict[str, str]:
    manifest = json.loads((settings.published / MANIFEST).read_text("utf-8"))
    return {name: mart["sha256"] for name, mart in manifest["marts"].items()}


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }


def _runs(settings: Settings) -> set[str]:
    return {file.name for file in (settings.dagster_home / "history" / "runs").iterdir()}
