"""The layout of a receipt's workbook: 回执, 问题清单, 自动修复, 合计核对."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import xlsxwriter

from orchestration.ingestion.judgement import Judgement
from orchestration.receiving.fault_groups import all_faults, group_faults

_MOST_FAULTS = 50_000
_MOST_FAULTS_IN_MEMORY = 2_000
_MOST_CHARACTERS = 1_000
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
_NUMBER = re.compile(r"[+-]?[\d,]*\.?\d+%?|-")

Cell = str | int | Decimal


def write_workbook(
    path: Path,
    received_at: datetime,
    heading: Sequence[str],
    facts: Sequence[tuple[str, str]],
    verdict: Sequence[str],
    steps: Sequence[str],
    judgement: Judgement,
) -> None:
    """Write the workbook; its creation date is the time of receipt so that bytes repeat."""
    faults = all_faults(judgement)
    listed = faults[:_MOST_FAULTS]
    # Many faults must not fill the memory of a worker; few need no files on the way.
    is_long = len(listed) > _MOST_FAULTS_IN_MEMORY
    options = {"constant_memory": True} if is_long else {"in_memory": True}
    with xlsxwriter.Workbook(path, options) as workbook:
        workbook.set_properties({"title": "回执", "created": received_at})
        layout = _Layout(workbook)
        layout.front(heading, facts, verdict, steps, judgement)
        layout.table(
            "问题清单",
            {
                "序号": 6,
                "工作表": 18,
                "行": 8,
                "列": 20,
                "原值": 24,
                "问题": 50,
                "改法": 50,
                "规则": 26,
            },
            (
                (
                    number,
                    fault.sheet,
                    fault.row or "整表",
                    fault.column_header,
                    fault.value,
                    fault.reason_zh,
                    fault.remedy_zh,
                    fault.rule,
                )
                for number, fault in enumerate(listed, 1)
            ),
        )
        layout.table(
            "自动修复",
            {"修复方式": 40, "列": 20, "次数": 8, "工作表": 18, "行": 8, "原值": 24, "改为": 24},
            (
                (repair.title_zh, repair.column_header, repair.count, *example)
                for repair in judgement.repairs
                for example in repair.examples or (("", 0, "", ""),)
            ),
        )
        layout.table(
            "合计核对",
            {
                "工作表": 18,
                "行": 8,
                "范围": 24,
                "列": 24,
                "填报合计": 18,
                "明细之和": 18,
                "相差": 16,
                "结果": 8,
            },
            (
                (
                    total.sheet,
                    total.row,
                    total.scope_zh,
                    total.column_header,
                    total.stated,
                    total.summed,
                    total.stated - total.summed,
                    "相符" if total.is_matched else "不符",
                )
                for total in sorted(judgement.control_totals, key=lambda total: total.is_matched)
            ),
        )


def neutral(text: str) -> str:
    """Return a text that no spreadsheet program takes for a formula, however it is saved later."""
    text = text[:_MOST_CHARACTERS]
    return f"'{text}" if _FORMULA.match(text) and not _NUMBER.fullmatch(text) else text


class _Layout:
    """Sheets of one workbook in one style."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._title = workbook.add_format({"bold": True, "font_size": 16})
        self._bold = workbook.add_format({"bold": True, "valign": "top"})
        self._text = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._count = workbook.add_format({"num_format": "0", "valign": "top"})
        self._money = workbook.add_format({"num_format": "#,##0.00", "valign": "top"})
        self._header = workbook.add_format(
            {"bold": True, "bg_color": "#DDE8F3", "border": 1, "text_wrap": True}
        )

    def front(
        self,
        heading: Sequence[str],
        facts: Sequence[tuple[str, str]],
        verdict: Sequence[str],
        steps: Sequence[str],
        judgement: Judgement,
    ) -> None:
        """Write the sheet that says what became of the file and what to do."""
        sheet = self._workbook.add_worksheet("回执")
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 70)
        sheet.set_column(2, 3, 20)
        sheet.set_column(4, 4, 60)
        sheet.write_string(0, 0, "回执", self._title)
        row = 1
        for line in heading:
            sheet.write_string(row, 0, line, self._bold)
            row += 1
        for label, value in facts:
            sheet.write_string(row, 0, label, self._bold)
            sheet.write_string(row, 1, neutral(value), self._text)
            row += 1
        for label, lines in (("结论", verdict), ("下一步", steps)):
            for number, line in enumerate(lines):
                sheet.write_string(row, 0, "" if number else label, self._bold)
                sheet.write_string(row, 1, neutral(line), self._text)
                row += 1
        if groups := group_faults(all_faults(judgement)):
            row += 1
            for column, label in enumerate(("问题归类", "问题（第一处）", "列", "次数", "改法")):
                sheet.write_string(row, column, label, self._header)
            for group in groups:
                row += 1
                self._write(
                    sheet,
                    row,
                    (
                        group.title_zh,
                        group.first.reason_zh,
                        group.first.column_header,
                        group.count,
                        group.first.remedy_zh,
                    ),
                )
            if sum(group.count for group in groups) > _MOST_FAULTS:
                note = f"问题太多，“问题清单”只列出前{_MOST_FAULTS}处，请先改正已列出的。"
                sheet.write_string(row + 1, 0, note, self._bold)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)

    def table(self, name: str, columns: dict[str, int], rows: Iterable[tuple[Cell, ...]]) -> None:
        """Write a list under a header that stays in sight."""
        sheet = self._workbook.add_worksheet(name)
        for column, (label, width) in enumerate(columns.items()):
            sheet.set_column(column, column, width)
            sheet.write_string(0, column, label, self._header)
        sheet.freeze_panes(1, 0)
        last = 0
        for last, cells in enumerate(rows, 1):
            self._write(sheet, last, cells)
        if last:
            sheet.autofilter(0, 0, last, len(columns) - 1)
        else:
            sheet.write_string(1, 0, "无", self._text)

    def _write(
        self, sheet: xlsxwriter.worksheet.Worksheet, row: int, cells: Sequence[Cell]
    ) -> None:
        for column, value in enumerate(cells):
            match value:
                case Decimal():
                    sheet.write_number(row, column, float(value), self._money)
                case int():
                    sheet.write_number(row, column, value, self._count)
                case _:
                    sheet.write_string(row, column, neutral(value), self._text)
