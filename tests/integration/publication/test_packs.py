"""Evidence packs of a run-through quarter, and their form on its way back through the inbox."""

import shutil
from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest
from openpyxl.workbook import Workbook

from orchestration.calendar import Quarter
from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import accepted_file
from orchestration.ingestion.partition import ingest_partition
from orchestration.publication.manifest import DATABASE
from orchestration.publication.packs import packs_folder, write_packs
from orchestration.receiving.receive import receive_inbox
from orchestration.receiving.submission import Received
from orchestration.settings import Settings

Q3, ANSWERED = Quarter.parse("2024Q3"), Quarter.parse("2024Q4")


@pytest.fixture
def home(small_home: Settings, tmp_path: Path) -> Settings:
    """A home that holds the small world's publication and nothing else."""
    settings = Settings(home=tmp_path / "var", is_synthetic=True)
    settings.home.mkdir()
    shutil.copytree(small_home.published.resolve(), settings.published)
    return settings


def _rows(workbook: Workbook, sheet: str) -> list[dict[str, object]]:
    heads, *rows = workbook[sheet].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]


def _flag_two_villages_of(settings: Settings, county_code: str) -> None:
    with duckdb.connect(str(settings.published / DATABASE)) as connection:
        connection.execute(
            "update fct_village_risk set is_flagged = true, wording = 'verify', "
            "wording_zh = '核查' where quarter = '2024-07-01' and village_code in ("
            "select village_code from fct_village_risk where county_code = $1 "
            "and quarter = '2024-07-01' order by village_code limit 2)",
            [county_code],
        )


def test_every_county_with_something_to_verify_gets_a_pack(small_home: Settings) -> None:
    with duckdb.connect(str(small_home.published / DATABASE), read_only=True) as connection:
        counties = connection.execute(
            "select county_code from fct_household_findings where quarter = '2024-07-01' union "
            "select county_code from fct_village_risk where quarter = '2024-07-01' and is_flagged"
        ).fetchall()
    packs = sorted(packs_folder(small_home, Q3).glob("*.xlsx"))
    assert [pack.name.split("__")[1] for pack in packs] == sorted(code for (code,) in counties)


def test_records_are_traced_to_file_sheet_and_row(small_home: Settings) -> None:
    with duckdb.connect(str(small_home.published / DATABASE), read_only=True) as connection:
        expected = connection.execute(
            "select county_code, count(*), sum(amount) from fct_household_findings "
            "where quarter = '2024-07-01' group by county_code"
        ).fetchall()
    assert expected
    for county_code, count, amount in expected:
        (pack,) = packs_folder(small_home, Q3).glob(f"*__{county_code}__*.xlsx")
        workbook = openpyxl.load_workbook(pack)
        assert "模拟数据" in "".join(str(cell.value) for cell in workbook["说明"]["A"])
        rows = _rows(workbook, "逐户记录")
        assert len(rows) == count
        assert sum(float(str(row["差额（元）"])) for row in rows) == pytest.approx(float(amount))
        for row in rows:
            assert all(row[head] for head in ("申报所在文件", "申报所在工作表", "申报所在行")), row


def test_the_filled_form_is_a_submission_and_counties_do_not_replace_each_other(
    home: Settings,
) -> None:
    for county in ("640522", "640402"):
        _flag_two_villages_of(home, county)
    answers = {}
    for pack in write_packs(home, Q3):
        county = pack.name.split("__")[1]
        if county not in ("640522", "640402"):
            continue
        workbook = openpyxl.load_workbook(pack)
        form = workbook["处置"]
        heads = [str(cell.value) for cell in form[3]]
        assert {rule.type for rule in form.data_validations.dataValidation} >= {"list", "date"}
        leads = [row["线索号"] for row in _rows(workbook, "线索")]
        assert len(leads) >= 2
        for number, lead in enumerate(leads[:2]):
            values = {
                "县（市、区）": {"640522": "海原县", "640402": "原州区"}[county],
                "线索编号": lead,
                "处置结论": ("确认问题", "合理解释")[number],
                "核减金额（元）": (1200.5, None)[number],
                "处置日期": date(2024, 11, 5),
                "说明": "已入户核实",
            }
            for column, head in enumerate(heads, 1):
                form.cell(4 + number, column).value = values[head]
        answers[county] = leads[:2]
        home.inbox.mkdir(exist_ok=True)
        workbook.save(home.inbox / pack.name)
    taken = receive_inbox(home, load_contracts())
    received = [item for item in taken if isinstance(item, Received)]
    assert {(item.dataset, item.sender, item.quarter) for item in received} == {
        ("audit_dispositions", county, ANSWERED) for county in answers
    }
    judgements = ingest_partition(home, "audit_dispositions", ANSWERED)
    assert [(item.outcome, item.rows_accepted) for item in judgements] == [("accepted", 2)] * 2
    for county, leads in answers.items():
        file = accepted_file(home, "audit_dispositions", ANSWERED, county, 1)
        rows = duckdb.read_parquet(str(file)).order("source_row")
        found = rows.project("lead_no, disposition, amount_struck").fetchall()
        assert [lead for lead, _, _ in found] == leads
        assert [answer for _, answer, _ in found] == ["confirmed", "explained"]
        assert [None if struck is None else float(struck) for *_, struck in found] == [1200.5, None]


def test_an_untouched_pack_is_answered_and_changes_nothing(home: Settings) -> None:
    pack = write_packs(home, Q3)[0]
    home.inbox.mkdir()
    shutil.copy(pack, home.inbox)
    receive_inbox(home, load_contracts())
    (judgement,) = ingest_partition(home, "audit_dispositions", ANSWERED)
    assert judgement.rows_accepted == 0


def test_what_departments_wrote_is_never_a_formula(home: Settings) -> None:
    with duckdb.connect(str(home.published / DATABASE)) as connection:
        connection.execute(
            "update fct_household_findings "
            "set evidence = '=HYPERLINK(\"x\")', claim_file = '@SUM(A1)'"
        )
    workbook = openpyxl.load_workbook(write_packs(home, Q3)[0])
    row = _rows(workbook, "逐户记录")[0]
    assert row["所见"] == '\'=HYPERLINK("x")'
    assert row["申报所在文件"] == "'@SUM(A1)"
    for sheet in workbook:
        assert all(cell.data_type != "f" for cells in sheet.iter_rows() for cell in cells)


def test_the_same_publication_gives_the_same_packs(small_home: Settings, home: Settings) -> None:
    for pack in write_packs(home, Q3):
        assert pack.read_bytes() == (packs_folder(small_home, Q3) / pack.name).read_bytes()
