"""An explanation as a workbook: a front sheet and one sheet per table."""

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from orchestration.explanation.answer import Explanation, Table
from orchestration.explanation.text import plain
from orchestration.receiving.receipt_workbook import neutral

_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_000
_WIDTH = 22


def write_workbook(answer: Explanation, file: Path) -> None:
    """Write an explanation; what came from a file is never taken for a formula or a link."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(file, options) as workbook:
        sheets = _Sheets(workbook, answer)
        sheets.front()
        for number, table in enumerate(answer.tables, 1):
            sheets.table(number, table)


class _Sheets:
    """The sheets of one workbook, each with the note on synthetic data on top."""

    def __init__(self, workbook: xlsxwriter.Workbook, answer: Explanation) -> None:
        self._workbook = workbook
        self._answer = answer
        self._bold = workbook.add_format({"bold": True, "valign": "top"})
        self._warning = workbook.add_format({"bold": True, "font_color": "#9C0006"})
        self._wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._header = workbook.add_format({"bold": True, "bg_color": "#DDE8F3", "border": 1})

    def front(self) -> None:
        """Write what the figure is and how it came about."""
        answer = self._answer
        sheet, row = self._sheet("数字", answer.address)
        sheet.set_column(0, 0, 18)
        sheet.set_column(1, 1, 100)
        lines: list[tuple[str, Any]] = [*answer.facts.items()]
        if answer.agrees is not None:
            lines.append(("复算结论", "复算一致" if answer.agrees else "复算不一致"))
        lines += [("说明", reason) for reason in answer.reasons]
        lines += [("怎样算出", line) for line in answer.computation]
        for number, (label, value) in enumerate(lines, row):
            sheet.write_string(number, 0, label, self._bold)
            self._write(sheet, number, 1, value)

    def table(self, number: int, table: Table) -> None:
        """Write one table under its title; every row of it that there is room for."""
        name = _FORBIDDEN.sub("", f"{number} {table.title}")[:_LONGEST_NAME]
        listed = table.rows[:_MOST_ROWS]
        more = f"，列出 {len(listed)} 行" if len(listed) < table.total else ""
        sheet, row = self._sheet(name, f"{table.title}（共 {table.total} 行{more}）")
        labels = list(dict.fromkeys(label for item in listed for label in item))
        sheet.set_column(0, max(len(labels) - 1, 0), _WIDTH)
        for column, label in enumerate(labels):
            sheet.write_string(row, column, label, self._header)
        sheet.freeze_panes(row + 1, 0)
        for line, item in enumerate(listed, row + 1):
            for column, label in enumerate(labels):
                self._write(sheet, line, column, item.get(label))

    def _sheet(self, name: str, title: str) -> tuple[xlsxwriter.worksheet.Worksheet, int]:
        sheet = self._workbook.add_worksheet(name)
        notes = [note for note in (self._answer.synthetic,) if note]
        for row, note in enumerate(notes):
            sheet.write_string(row, 0, note, self._warning)
        sheet.write_string(len(notes), 0, neutral(title), self._bold)
        return sheet, len(notes) + 1

    def _write(
        self, sheet: xlsxwriter.worksheet.Worksheet, row: int, column: int, value: Any
    ) -> None:
        match value:
            case bool():
                sheet.write_string(row, column, plain(value), self._wrapped)
            case int() | float() | Decimal():
                sheet.write_number(row, column, float(value))
            case Mapping():
                text = "；".join(f"{name} {plain(item, name)}" for name, item in value.items())
                sheet.write_string(row, column, neutral(text), self._wrapped)
            case _:
                sheet.write_string(row, column, neutral(plain(value)), self._wrapped)
