"""A blank workbook that a clerk has filled in is accepted as it is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner
from messes import received_of

from orchestration.cli import main
from orchestration.contracts import Column, load_contracts
from orchestration.contracts.templates import FORM_SHEET, HEADER_ROW, choices, write_template
from orchestration.ingestion.judge import judge
from orchestration.settings import Settings

CONTRACTS = load_contracts()


def filled(column: Column) -> Any:
    """Return a value that the form's note allows."""
    if offered := choices(column, ["海原县"]):
        return offered[0]
    match column.kind:
        case "person":
            return "990000199003070013"
        case "village":
            return "640522100203"
        case "date":
            return date(2024, 8, 15)
        case "month":
            return "2024-08"
        case "timestamp":
            return datetime(2024, 8, 15, 9, 30)
        case "integer" | "decimal":
            return column.minimum if column.minimum is not None and column.minimum > 0 else 0
        case "indicator":
            return "M06-01"
        case _:
            return "TB-0001"


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_a_filled_form_is_accepted(dataset: str, tmp_path: Path, home: Settings) -> None:
    contract = CONTRACTS[dataset]
    path = tmp_path / f"{contract.title}.xlsx"
    write_template(contract, ["海原县"], path)
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[FORM_SHEET]
    for number, column in enumerate(contract.columns, 1):
        if column.name != "income_year":
            sheet.cell(HEADER_ROW + 2, number, filled(column))
        else:
            sheet.cell(HEADER_ROW + 2, number, 2023)
    workbook.save(path)

    sender = "640522" if contract.is_sent_by_counties else contract.department
    received = replace(received_of(path, dataset), sender=sender)
    judgement, accepted, refused = judge(path, received, contract, home, None)
    faults = [(fault.column_header, fault.rule) for fault in judgement.faults]
    assert (judgement.outcome, judgement.rejection, faults) == ("accepted", None, [])
    assert (accepted.num_rows, refused.num_rows) == (1, 0)


def test_choices_are_offered_where_only_some_words_are_accepted(tmp_path: Path) -> None:
    path = tmp_path / "form.xlsx"
    write_template(CONTRACTS["workshops"], ["海原县", "西吉县"], path)
    rules = openpyxl.load_workbook(path)[FORM_SHEET].data_validations.dataValidation
    assert {rule.formula1 for rule in rules} == {
        '"海原县,西吉县"',
        '"正常运营,停产,已退出"',
        '"巩固提升,支持新建,有序退出"',
    }


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
