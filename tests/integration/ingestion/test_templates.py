"""A blank workbook that a clerk has filled in is accepted as it is."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from messes import received_of
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook

from orchestration.cli import main
from orchestration.contracts import load_contracts
from orchestration.contracts.templates import (
    CHOICES_SHEET,
    FORM_SHEET,
    HEADER_ROW,
    choices,
    example,
    header,
    write_template,
)
from orchestration.ingestion.judge import judge
from orchestration.receiving.doctor import examine
from orchestration.settings import Settings

COUNTIES = ["海原县", "西吉县"]
CONTRACTS = load_contracts()


def form(dataset: str, path: Path) -> Workbook:
    write_template(CONTRACTS[dataset], COUNTIES, path)
    return openpyxl.load_workbook(path)


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_a_filled_form_is_accepted(dataset: str, tmp_path: Path, home: Settings) -> None:
    contract = CONTRACTS[dataset]
    path = tmp_path / f"{contract.title}.xlsx"
    workbook = form(dataset, path)
    for number, column in enumerate(contract.columns, 1):
        workbook[FORM_SHEET].cell(HEADER_ROW + 2, number, example(column, COUNTIES))
    workbook.save(path)

    sender = "640522" if contract.is_sent_by_counties else contract.department
    received = replace(received_of(path, dataset), sender=sender)
    judgement, accepted, refused = judge(path, received, contract, home, None)
    faults = [(fault.column_header, fault.rule) for fault in judgement.faults]
    assert (judgement.outcome, judgement.rejection, faults) == ("accepted", None, [])
    assert (accepted.num_rows, refused.num_rows) == (1, 0)


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_a_form_leads_a_clerk(dataset: str, tmp_path: Path) -> None:
    contract = CONTRACTS[dataset]
    workbook = form(dataset, tmp_path / "form.xlsx")
    sheet, offered_words = workbook[FORM_SHEET], workbook[CHOICES_SHEET]
    assert workbook.sheetnames[0] == FORM_SHEET
    assert offered_words.sheet_state == "hidden"
    assert sheet.protection.sheet
    assert not sheet.protection.insertRows  # what is False here stays possible
    assert not sheet.protection.sort
    assert (sheet.page_setup.orientation, sheet.print_title_rows) == ("landscape", "$3:$3")
    assert sheet.freeze_panes == "A4"
    rules = {str(rule.sqref): rule for rule in sheet.data_validations.dataValidation}
    assert len(rules) == len(contract.columns)
    groups = sheet.column_dimensions.values()
    for number, column in enumerate(contract.columns, 1):
        letter = get_column_letter(number)
        head = sheet.cell(HEADER_ROW + 1, number)
        assert head.value == header(column)
        assert head.protection.locked
        [cells] = [group for group in groups if group.min <= number <= group.max]
        assert not cells.protection.locked
        [rule] = [rule for place, rule in rules.items() if re.match(rf"{letter}\d", place)]
        assert 0 < len(rule.prompt) <= 255
        assert len(rule.promptTitle) <= 32
        words = choices(column, COUNTIES)
        if words:
            assert rule.formula1 == f"{CHOICES_SHEET}!${letter}$1:${letter}${len(words)}"
            listed = offered_words[f"{letter}1:{letter}{len(words)}"]
            assert [cell.value for (cell,) in listed] == words
        else:
            assert rule.type in {None, "whole", "decimal", "date"}


def test_a_form_is_the_same_bytes_each_time(tmp_path: Path) -> None:
    for name in ("one.xlsx", "two.xlsx"):
        write_template(CONTRACTS["workshops"], COUNTIES, tmp_path / name)
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_a_slip_in_a_filled_form_is_named(tmp_path: Path) -> None:
    contract = CONTRACTS["workshops"]
    path = tmp_path / f"workshops__{contract.department}__2024Q3.xlsx"
    workbook = form("workshops", path)
    columns = {column.name: n for n, column in enumerate(contract.columns, 1)}
    for row in range(3):
        for column in contract.columns:
            value = example(column, COUNTIES)
            if column.is_key and column.kind == "text":
                value = f"{value}-{row}"
            workbook[FORM_SHEET].cell(HEADER_ROW + 2 + row, columns[column.name], value)
    county = next(name for name, n in columns.items() if contract.column(name).kind == "county")
    workbook[FORM_SHEET].cell(HEADER_ROW + 4, columns[county], "没有的县")
    workbook.save(path)
    [diagnosis] = examine(path, None)
    assert not diagnosis.is_healthy
    assert f"[{FORM_SHEET}]第{HEADER_ROW + 4}行" in diagnosis.receipt
    assert "没有的县" in diagnosis.receipt


def test_the_command_writes_one_workbook_or_all(tmp_path: Path) -> None:
    run: Callable[..., Any] = CliRunner().invoke
    one = run(main, ["template", "workshops", "--to", str(tmp_path / "one")])
    assert one.exit_code == 0, one.output
    assert [file.name for file in (tmp_path / "one").iterdir()] == ["就业帮扶车间情况表.xlsx"]
    every = run(main, ["template", "--to", str(tmp_path / "all")])
    assert every.exit_code == 0, every.output
    assert len(list((tmp_path / "all").iterdir())) == len(CONTRACTS)
    wrong = run(main, ["template", "no_such_dataset"])
    assert wrong.exit_code == 2
    assert "no_such_dataset" in wrong.output
