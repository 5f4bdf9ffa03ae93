"""Files say what the row set says, whatever the sender's habits."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from orchestration.calendar import Quarter
from orchestration.contracts import load_contracts
from orchestration.simulation.filing import filings_of
from orchestration.simulation.habits import Habit, habit_of
from orchestration.simulation.mistakes import with_mistakes
from orchestration.simulation.randomness import stream
from orchestration.simulation.records import county_rows
from orchestration.simulation.world import CountyWorld
from orchestration.simulation.writers import (
    Submission,
    file_name,
    header_of,
    labels_of,
    write_submission,
)

CONTRACTS = load_contracts()
BEFORE, AFTER = Quarter.of(2023, 3), Quarter.of(2023, 4)
MOMENT = datetime(2024, 1, 9, 10, 30)


def submission(dataset: str, habit: Habit, quarter: Quarter = AFTER) -> Submission:
    contract = CONTRACTS[dataset]
    sender = "640422" if contract.is_sent_by_counties else contract.department
    return Submission(contract, quarter, sender, "西吉县", "固原市", habit, MOMENT, 7)


@pytest.fixture(scope="module")
def incomes(honest_world: CountyWorld) -> pa.Table:
    return county_rows(honest_world, 4)["household_income_report"]


def _cells(file: Path) -> list[list[object]]:
    return CalamineWorkbook.from_path(file).get_sheet_by_index(0).to_python()


@pytest.mark.parametrize("dataset", CONTRACTS)
@pytest.mark.parametrize("sender", ["640422", "640104", "640521"])
@pytest.mark.parametrize("quarter", [BEFORE, AFTER])
def test_every_header_and_label_is_one_that_the_contract_knows(
    dataset: str, sender: str, quarter: Quarter
) -> None:
    contract = CONTRACTS[dataset]
    for is_in_wan in (False, True):
        written = replace(submission(dataset, Habit(is_in_wan=is_in_wan), quarter), sender=sender)
        for column in contract.columns:
            assert header_of(column, written) in column.headers
            for choice in range(3):
                labels = labels_of(column, choice)
                assert all(column.codes[label] == code for code, label in labels.items())


def test_old_names_are_used_until_the_contract_says() -> None:
    column = CONTRACTS["household_income_report"].column("transfer_dibao")
    before = header_of(column, submission("household_income_report", Habit(), BEFORE))
    after = header_of(column, submission("household_income_report", Habit(), AFTER))
    assert before == "低保金"
    assert after != "低保金"


def test_figures_come_back_as_they_were(incomes: pa.Table, tmp_path: Path) -> None:
    written = submission("household_income_report", Habit())
    write_submission(tmp_path / "a.xlsx", written, incomes)
    header, *rows = _cells(tmp_path / "a.xlsx")
    assert len(rows) == incomes.num_rows
    position = header.index(header_of(written.contract.column("transfer_pension"), written))
    for row, fen in zip(rows, incomes["transfer_pension"].to_pylist(), strict=True):
        assert row[position] == fen / 100


def test_wan_is_yuan_by_ten_thousand_and_said_in_the_title(
    incomes: pa.Table, tmp_path: Path
) -> None:
    written = submission("household_income_report", Habit(is_in_wan=True, has_title=True))
    write_submission(tmp_path / "a.xlsx", written, incomes)
    cells = _cells(tmp_path / "a.xlsx")
    assert "单位：万元" in cells[1]
    header = cells[2]
    assert not [text for text in header if "（元）" in str(text)]
    position = header.index(header_of(written.contract.column("total_income"), written))
    assert cells[3][position] == incomes["total_income"][0].as_py() / 1_000_000


def test_subtotals_and_total_add_up(incomes: pa.Table, tmp_path: Path) -> None:
    habit = Habit(has_subtotals=True, has_total=True, is_village_merged=True)
    written = submission("household_income_report", habit)
    write_submission(tmp_path / "a.xlsx", written, incomes)
    header, *rows = _cells(tmp_path / "a.xlsx")
    position = header.index(header_of(written.contract.column("wage_local"), written))
    data = [row for row in rows if row[0] not in ("小计", "合计")]
    subtotals = [row[position] for row in rows if row[0] == "小计"]
    total = next(row[position] for row in rows if row[0] == "合计")
    assert len(data) == incomes.num_rows
    assert len(subtotals) == len(set(incomes["village_code"].to_pylist()))
    assert sum(row[position] for row in data) == pytest.approx(total)
    assert sum(subtotals) == pytest.approx(total)


def test_merged_cells_cover_exactly_one_village(incomes: pa.Table, tmp_path: Path) -> None:
    habit = Habit(is_village_merged=True, has_serial=True)
    written = submission("household_income_report", habit)
    write_submission(tmp_path / "a.xlsx", written, incomes)
    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    column = [cell.value for cell in sheet[1]].index(
        header_of(written.contract.column("village_code"), written)
    )
    sizes = [
        merged.max_row - merged.min_row + 1
        for merged in sheet.merged_cells.ranges
        if merged.min_col == column + 1
    ]
    villages = incomes["village_code"].to_pylist()
    expected = [villages.count(name) for name in dict.fromkeys(villages)]
    assert sorted(sizes) == sorted(size for size in expected if size > 1)


@pytest.mark.parametrize(
    ("encoding", "start", "separator"),
    [("gb18030", b"", ","), ("utf-8-sig", b"\xef\xbb\xbf", ","), ("utf-16", b"\xff\xfe", "\t")],
)
def test_text_files_are_in_the_senders_encoding(
    incomes: pa.Table, tmp_path: Path, encoding: str, start: bytes, separator: str
) -> None:
    written = submission("household_income_report", Habit(container="csv", encoding=encoding))
    write_submission(tmp_path / "a.csv", written, incomes)
    content = (tmp_path / "a.csv").read_bytes()
    assert content.startswith(start)
    lines = content.decode(encoding).splitlines()
    assert len(lines) == incomes.num_rows + 1
    assert {line.count(separator) for line in lines} == {incomes.num_columns - 1}
    assert "西吉县" in lines[1]


def test_web_page_called_xls_holds_all_rows(incomes: pa.Table, tmp_path: Path) -> None:
    written = submission("household_income_report", Habit(container="html"))
    assert file_name(written).endswith(".xls")
    write_submission(tmp_path / "a.xls", written, incomes)
    assert (tmp_path / "a.xls").read_text("utf-8").count("<tr>") == incomes.num_rows + 1


def test_departments_may_give_each_county_a_sheet(
    honest_world: CountyWorld, tmp_path: Path
) -> None:
    table = county_rows(honest_world, 4)["workshops"]
    other = table.set_column(0, "county_code", pa.array(["海原县"] * table.num_rows))
    both = pa.concat_tables([table, other])
    write_submission(
        tmp_path / "a.xlsx", submission("workshops", Habit(is_split_by_county=True)), both
    )
    assert CalamineWorkbook.from_path(tmp_path / "a.xlsx").sheet_names == ["西吉县", "海原县"]


def test_same_arguments_give_the_same_bytes(incomes: pa.Table, tmp_path: Path) -> None:
    written = submission("household_income_report", Habit(has_title=True, has_notes=True))
    for name in ("a.xlsx", "b.xlsx"):
        write_submission(tmp_path / name, written, incomes)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_every_trait_occurs_among_the_counties() -> None:
    contract = CONTRACTS["household_income_report"]
    habits = [habit_of(5, contract, f"6401{n:02d}", n, 100) for n in range(22)]
    assert sum(habit.is_in_wan for habit in habits) == 1
    assert {habit.container for habit in habits} == {"xlsx", "csv", "html"}
    encodings = {habit.encoding for habit in habits if habit.container == "csv"}
    assert encodings == {"gb18030", "utf-8-sig", "utf-16"}
    assert {habit.numbers for habit in habits} == {"plain", "comma", "full_width"}
    assert habits == [habit_of(5, contract, f"6401{n:02d}", n, 100) for n in range(22)]


def test_mistakes_are_few_and_do_not_touch_the_rest(honest_world: CountyWorld) -> None:
    table = county_rows(honest_world, 4)["person_roster"]
    table = pa.concat_tables([table] * 4)
    made = with_mistakes(table, CONTRACTS["person_roster"], stream(1, "x"))
    assert 0 < made.num_rows - table.num_rows <= 3
    repeated = made.num_rows - table.num_rows
    known = {tuple(row.values()) for row in table.to_pylist()}
    changed = sum(tuple(row.values()) not in known for row in made.to_pylist())
    assert 0 < changed < 0.02 * table.num_rows + repeated


def test_files_come_late_twice_and_corrected_but_mostly_in_time() -> None:
    contract = CONTRACTS["household_roster"]
    filings = [
        (t, filings_of(11, contract, sender, t))
        for t in range(13)
        for sender in (f"6401{number:02d}" for number in range(22))
    ]
    on_time = [
        files[0].arrived_at.date()
        <= Quarter.of(2022, 4).shift(t).end + (datetime(2024, 1, 16) - datetime(2024, 1, 1))
        for t, files in filings
    ]
    assert 0.85 < sum(on_time) / len(on_time) < 1
    again = [files for _, files in filings if len(files) > 1]
    assert {files[1].is_copy for files in again} == {True, False}
    assert all(files[1].arrived_at > files[0].arrived_at for files in again)
