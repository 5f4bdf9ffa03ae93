"""The blank workbooks of all contracts: what a clerk may touch, what they refuse, what comes of it.

Files are opened with another library than the one that writes them, filled in and judged.
"""

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from messes import received_of
from openpyxl.utils import get_column_letter, rows_from_range
from openpyxl.utils.datetime import from_excel
from openpyxl.workbook import Workbook
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.calendar import Quarter
from orchestration.cli import main
from orchestration.contracts import Column, Contract, load_contracts
from orchestration.contracts.templates import (
    EXAMPLE_SHEET,
    FORM_SHEET,
    HEADER_ROW,
    LISTS_SHEET,
    NOTES_SHEET,
    write_template,
)
from orchestration.ingestion.cells import read_date
from orchestration.ingestion.judge import judge
from orchestration.ingestion.judgement import Judgement
from orchestration.ingestion.readers import read_tables
from orchestration.receiving.doctor import examine
from orchestration.receiving.recognition import TITLE_ROWS, Recogniser
from orchestration.receiving.senders import load_senders
from orchestration.settings import Settings

CONTRACTS = load_contracts()
SEEDS = Settings().seeds
FIRST_ROW = HEADER_ROW + 2
"""The first row of data as a spreadsheet counts."""

Saved = Callable[[Workbook], tuple[Judgement, int]]


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the blank workbook of every contract, written by the command."""
    folder = tmp_path_factory.mktemp("forms")
    written = CliRunner().invoke(main, ["template", "--to", str(folder)])
    assert written.exit_code == 0, written.output
    return folder


def form(forms: Path, dataset: str) -> Path:
    return forms / f"{CONTRACTS[dataset].title}.xlsx"


@pytest.fixture(params=CONTRACTS, scope="module")
def contract(request: pytest.FixtureRequest) -> Contract:
    return CONTRACTS[request.param]


@pytest.fixture(scope="module")
def blank(contract: Contract, forms: Path) -> Workbook:
    """The blank workbook of a contract. Read only."""
    return openpyxl.load_workbook(form(forms, contract.dataset))


@pytest.fixture
def workbook(contract: Contract, forms: Path) -> Workbook:
    """A blank workbook to fill in."""
    return openpyxl.load_workbook(form(forms, contract.dataset))


@pytest.fixture
def judged(contract: Contract, tmp_path: Path, home: Settings) -> Saved:
    """Save a workbook, judge it, return the judgement and the number of accepted rows."""

    def run(workbook: Workbook) -> tuple[Judgement, int]:
        path = tmp_path / f"{contract.title}.xlsx"
        workbook.save(path)
        sender = "640522" if contract.is_sent_by_counties else contract.department
        received = replace(received_of(path, contract.dataset), sender=sender)
        judgement, accepted, _ = judge(path, received, contract, home, None)
        return judgement, accepted.num_rows

    return run


def rules_of(sheet: Worksheet) -> dict[str, DataValidation]:
    """Return the rules of a form by the cell that they begin in."""
    rules = {}
    for rule in sheet.data_validations.dataValidation:
        (place,) = rule.sqref.ranges
        rules[sheet.cell(place.min_row, place.min_col).coordinate] = rule
    return rules


def rule_of(sheet: Worksheet, number: int) -> DataValidation:
    """Return the rule of a column (from 1)."""
    return rules_of(sheet)[f"{get_column_letter(number)}{FIRST_ROW}"]


def offered(workbook: Workbook, rule: DataValidation) -> list[str]:
    """Return the words that a rule's drop-down shows."""
    assert rule.type == "list"
    sheet, _, place = rule.formula1.partition("!")
    cells = rows_from_range(place.replace("$", ""))
    return [workbook[sheet][cell].value for (cell,) in cells]


def dimensions(sheet: Worksheet) -> dict[int, ColumnDimension]:
    """Return width and style of the untouched cells of every column that has its own."""
    return {
        number: dimension
        for dimension in sheet.column_dimensions.values()
        for number in range(dimension.min, dimension.max + 1)
    }


def typed(text: str, column: Column) -> Any:
    """Return what a spreadsheet stores when a clerk types a text into a column."""
    match column.kind:
        case "integer":
            return int(text)
        case "decimal":
            return float(text)
        case "date":
            return date.fromisoformat(text)
        case "month":
            return date.fromisoformat(f"{text}-01")
        case "timestamp":
            return datetime.fromisoformat(text)
        case _:
            return text


def examples(workbook: Workbook, contract: Contract) -> dict[str, Any]:
    """Return the example of every column, as the workbook shows it, typed in."""
    rows = workbook[EXAMPLE_SHEET].iter_rows(min_row=3, values_only=True)
    return {
        column.name: typed(row[3], column)
        for column, row in zip(contract.columns, rows, strict=True)
    }


def fill(workbook: Workbook, contract: Contract, row: int, values: dict[str, Any]) -> None:
    for number, column in enumerate(contract.columns, 1):
        workbook[FORM_SHEET].cell(row, number, values[column.name])


def test_title_and_headers_are_locked_and_cells_are_open(
    blank: Workbook, contract: Contract
) -> None:
    sheet = blank[FORM_SHEET]
    protection = sheet.protection
    assert protection.sheet
    assert not protection.password
    # In the file, False stands for "not forbidden".
    for name in ("insertRows", "deleteRows", "formatColumns", "formatRows", "sort", "autoFilter"):
        assert getattr(protection, name) is False, name
    assert protection.insertColumns
    assert protection.deleteColumns
    headers = range(1, len(contract.columns) + 1)
    for number in headers:
        assert sheet.cell(1, number).protection.locked
        assert sheet.cell(HEADER_ROW + 1, number).protection.locked
        note = sheet.cell(HEADER_ROW + 1, number).comment
        column = contract.columns[number - 1]
        assert ("必填" if column.is_required else "可留空") in note.text
        assert f"单位：{column.unit}" in note.text or not column.unit
    # A row can be deleted only if every cell of it is open, to the last column of the sheet.
    columns = dimensions(sheet)
    assert len(columns) == 16_384
    assert not any(column.protection.locked for column in columns.values())
    assert [sheet[cell].protection.locked for cell in ("A2", "B2", "C2", "D2")] == [
        *(True, False),
        *(True, False),
    ]
    for name in (NOTES_SHEET, EXAMPLE_SHEET):
        assert blank[name].protection.sheet
    assert blank[LISTS_SHEET].sheet_state == "veryHidden"


def test_every_column_says_what_it_takes(blank: Workbook, contract: Contract) -> None:
    sheet = blank[FORM_SHEET]
    rules = rules_of(sheet)
    assert len(rules) == len(contract.columns) + 2
    for rule in rules.values():
        assert 0 < len(rule.promptTitle) <= 32
        assert 0 < len(rule.prompt) <= 255
        assert rule.showInputMessage
        assert len(rule.error or "") <= 255
        assert (rule.type is None) == (rule.error is None)
        assert rule.showErrorMessage
        # A list within the rule ends at 255 characters: all stand on the sheet of lists.
        assert rule.type != "list" or rule.formula1.startswith(f"{LISTS_SHEET}!")
    for number, column in enumerate(contract.columns, 1):
        rule = rule_of(sheet, number)
        assert ("必填" if column.is_required else "可留空") in rule.prompt
        assert [place.max_row > 100_000 for place in rule.sqref.ranges] == [True]
        if column.kind in ("integer", "decimal"):
            low, high = Decimal(rule.formula1), Decimal(rule.formula2)
            assert column.minimum is None or low == column.minimum
            assert column.maximum is None or high == column.maximum
            assert low < high
        if column.kind in ("date", "month", "timestamp"):
            day = timedelta(days=1)
            first, last = (from_excel(float(n)).date() for n in (rule.formula1, rule.formula2))
            known = [read_date(d).value for d in (first - day, first, last, last + day)]
            assert known == [None, first, last, None]


def test_drop_downs_offer_what_the_contract_accepts(blank: Workbook, contract: Contract) -> None:
    sheet = blank[FORM_SHEET]
    known = load_senders(SEEDS)
    for number, column in enumerate(contract.columns, 1):
        rule = rule_of(sheet, number)
        match column.kind:
            case "county":
                assert offered(blank, rule) == list(known.counties.values())
            case "boolean":
                assert offered(blank, rule) == ["是", "否"]
            case "code":
                assert column.codes
                codes = [column.codes[word] for word in offered(blank, rule)]
                assert codes == list(dict.fromkeys(column.codes.values()))
            case "indicator":
                with (SEEDS / "indicators.csv").open(encoding="utf-8") as handle:
                    codes = [row["indicator_id"] for row in csv.DictReader(handle)]
                assert offered(blank, rule) == codes
                assert len(",".join(codes)) > 255
            case _:
                assert rule.type != "list"
    senders = offered(blank, rules_of(sheet)["B2"])
    allowed = [known.departments[s] for s in contract.senders if s != "counties"]
    if contract.is_taken_from_counties:
        allowed += known.counties.values()
    assert senders == allowed


def test_columns_have_their_formats_and_pages_their_headers(
    blank: Workbook, contract: Contract
) -> None:
    sheet = blank[FORM_SHEET]
    for number, column in enumerate(contract.columns, 1):
        dimension = dimensions(sheet)[number]
        assert 10 <= dimension.width <= 32
        match column.kind:
            case "integer" | "decimal":
                assert dimension.number_format != "@"
            case "date":
                assert dimension.number_format == "yyyy-mm-dd"
            case "month":
                assert dimension.number_format == "yyyy-mm"
            case "timestamp":
                assert dimension.number_format == "yyyy-mm-dd hh:mm:ss"
            case _:
                assert dimension.number_format == "@"
    assert sheet.freeze_panes == f"A{FIRST_ROW}"
    assert sheet.print_title_rows == f"${HEADER_ROW + 1}:${HEADER_ROW + 1}"
    setup = sheet.page_setup
    assert (setup.orientation, setup.paperSize, setup.fitToHeight) == ("landscape", 9, 0)
    assert sheet.sheet_properties.pageSetUpPr.fitToPage


def test_the_example_is_accepted_once_it_stands_in_the_form(
    workbook: Workbook, contract: Contract, judged: Saved
) -> None:
    fill(workbook, contract, FIRST_ROW, examples(workbook, contract))
    judgement, accepted = judged(workbook)
    faults = [(fault.column_header, fault.reason_zh) for fault in judgement.faults]
    assert (judgement.outcome, judgement.rejection, faults) == ("accepted", None, [])
    assert (judgement.rows_read, accepted) == (1, 1)
    # Sheets that were not read are noted; no cell had to be mended.
    assert judgement.cells_repaired == 0


def test_the_example_is_no_data(workbook: Workbook, contract: Contract, judged: Saved) -> None:
    judgement, accepted = judged(workbook)
    assert (judgement.rows_read, accepted) == (0, 0)
    if contract.accumulation == "in_period":
        assert judgement.outcome == "accepted"
    else:
        assert judgement.rejection is not None
        assert judgement.rejection.rule == "file.no_rows"
    del workbook[FORM_SHEET]
    workbook[LISTS_SHEET].sheet_state = "visible"
    judgement, _ = judged(workbook)
    assert judgement.rejection is not None
    assert judgement.rejection.rule == "sheet.none_matched"


def test_a_form_is_recognised_although_its_name_says_little(
    contract: Contract, forms: Path
) -> None:
    recogniser = Recogniser(CONTRACTS, load_senders(SEEDS))
    # Another county and quarter than those of the example and of the notes.
    name = "西吉县2025年第1季度.xlsx" if contract.is_sent_by_counties else "2025年第1季度.xlsx"
    file = form(forms, contract.dataset)
    found = recogniser.recognise(
        name, date(2025, 4, 9), (), lambda: read_tables(file, name, max_rows=TITLE_ROWS)
    )
    assert (found.contract, found.quarter) == (contract, Quarter.of(2025, 1))
    assert found.sender == ("640422" if contract.is_sent_by_counties else contract.senders[0])


def test_the_reporter_of_a_form_completes_a_poor_name(forms: Path, tmp_path: Path) -> None:
    workbook = openpyxl.load_workbook(form(forms, "household_roster"))
    workbook[FORM_SHEET]["B2"], workbook[FORM_SHEET]["D2"] = "西吉县", "2025年第1季度"
    path = tmp_path / "新建工作表.xlsx"
    workbook.save(path)
    found = Recogniser(CONTRACTS, load_senders(SEEDS)).recognise(
        path.name, date(2025, 4, 9), (), lambda: read_tables(path, path.name, max_rows=TITLE_ROWS)
    )
    assert (found.contract.dataset, found.sender) == ("household_roster", "640422")
    assert found.quarter == Quarter.of(2025, 1)


def test_the_same_contract_gives_the_same_bytes(forms: Path, tmp_path: Path) -> None:
    again = tmp_path / "again.xlsx"
    write_template(CONTRACTS["county_measure_report"], SEEDS, again)
    assert again.read_bytes() == form(forms, "county_measure_report").read_bytes()


def test_a_filled_form_is_examined_and_its_receipt_says_what_to_mend(
    forms: Path, tmp_path: Path
) -> None:
    contract = CONTRACTS["workshops"]
    workbook = openpyxl.load_workbook(form(forms, "workshops"))
    example = examples(workbook, contract)
    for row, number in enumerate(("CJ-1", "CJ-2", "CJ-3"), FIRST_ROW):
        fill(workbook, contract, row, {**example, "workshop_no": number})
    names = [column.name for column in contract.columns]
    wrong = workbook[FORM_SHEET].cell(FIRST_ROW + 2, names.index("workshop_state") + 1, "半停产")
    path = tmp_path / "2024年第3季度就业帮扶车间情况表.xlsx"
    workbook.save(path)
    (diagnosis,) = examine(path, tmp_path / "receipts")
    assert not diagnosis.is_healthy
    for words in (
        "退回",
        "3 行中有 1 行有问题",
        f"[{FORM_SHEET}]第{wrong.row}行“运行状态”列“半停产”",
        "请从以下选项中选填：正常运营、停产、已退出",
    ):
        assert words in diagnosis.receipt
    (receipt,) = (tmp_path / "receipts").iterdir()
    listed = list(openpyxl.load_workbook(receipt)["问题清单"].values)
    assert (FORM_SHEET, wrong.row, "运行状态", "半停产") in [row[1:5] for row in listed]
    wrong.value = "停产"
    workbook.save(path)
    (mended,) = examine(path)
    assert mended.is_healthy
    assert "全部接收：3行数据已全部采用" in mended.receipt


def test_the_command_writes_one_workbook_or_all(forms: Path, tmp_path: Path) -> None:
    run: Callable[..., Any] = CliRunner().invoke
    one = run(main, ["template", "workshops", "--to", str(tmp_path / "one")])
    assert one.exit_code == 0, one.output
    assert [file.name for file in (tmp_path / "one").iterdir()] == ["就业帮扶车间情况表.xlsx"]
    assert len(list(forms.iterdir())) == len(CONTRACTS)
    wrong = run(main, ["template", "no_such_dataset"])
    assert wrong.exit_code == 2
    assert "no_such_dataset" in wrong.output
