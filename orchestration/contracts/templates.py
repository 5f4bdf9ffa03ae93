"""The blank workbook of a dataset, for a clerk to fill in: made from the contract, never by hand.

The first sheet is the form: title, who reports for when, the headers with notes, drop-downs where
only certain words are accepted; what is given is locked, what is to be filled in is not. The second
sheet says in words what each column must hold, with an example, and when and under which name the
file is due. A third, hidden, holds the choices.
"""

import re
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name

from orchestration.contracts.model import Column, Contract

FORM_SHEET, NOTES_SHEET, CHOICES_SHEET = "填报表", "填报说明", "选项"
HEADER_ROW = 2
"""Row of the headers in the form, counted from 0: title and reporter stand above it."""

_LAST_ROW = HEADER_ROW + 60_000
_LAST_COLUMN = 16_383
_LONGEST_MESSAGE, _LONGEST_TITLE = 255, 32
"""Characters that a spreadsheet shows beside a cell, and above them."""

_LARGEST = 10**15
"""Beyond it a spreadsheet loses digits."""

_A4 = 9
_MADE_ON = datetime(2024, 1, 1)
"""The same contract gives the same bytes."""

_STAYS_POSSIBLE = dict.fromkeys(
    ("format_cells", "format_columns", "format_rows", "insert_rows", "delete_rows", "sort"), True
) | {"autofilter": True}
"""What a clerk may do in the form although its headers are locked (without a password)."""

KINDS = {
    "text": "文字",
    "integer": "整数",
    "decimal": "数值",
    "date": "日期，如 2024-03-31",
    "month": "月份，如 2024-03",
    "timestamp": "日期和时间，如 2024-03-31 15:30:00",
    "boolean": "是或否",
    "code": "从下拉列表中选择",
    "county": "县（市、区）全称，从下拉列表中选择",
    "village": "行政村全称或12位统计用区划代码",
    "indicator": "指标编码，如 M06-01",
    "person": "18位证件号码，单元格设为文本格式",
    "household": "户编号，单元格设为文本格式",
}
ACCUMULATION = {
    "in_period": "只填本季度发生的数",
    "income_year_to_date": "填收入年度（上年10月1日起）累计数",
    "calendar_year_to_date": "填自然年（1月1日起）累计数",
    "snapshot": "填季度末的时点情况",
}


def write_template(contract: Contract, counties: Sequence[str], path: Path) -> None:
    """Write the blank workbook of a contract.

    Args:
        contract: the dataset.
        counties: names of the counties, for the drop-down.
        path: the xlsx file; its folder must exist.
    """
    with xlsxwriter.Workbook(path, {"in_memory": True}) as workbook:
        workbook.set_properties({"title": contract.title, "created": _MADE_ON})
        head = {"bold": True, "border": 1, "text_wrap": True, "valign": "top"}
        styles = {
            "title": workbook.add_format({"bold": True, "font_size": 16, "align": "center"}),
            "header": workbook.add_format({**head, "bg_color": "#E7EEF7"}),
            "required": workbook.add_format({**head, "bg_color": "#FCE9D9"}),
            "open": workbook.add_format({"locked": False}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        } | {
            pattern: workbook.add_format({"locked": False, "num_format": pattern})
            for pattern in ("@", "0", "0.00", "yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss")
        }
        _write_form(workbook, styles, contract, counties)
        _write_notes(workbook, styles, contract, counties)
        _write_choices(workbook, contract, counties)


def choices(column: Column, counties: Sequence[str]) -> list[str]:
    """Return the words that a column accepts, as the form offers them; empty if it takes any."""
    if column.kind == "boolean":
        return ["是", "否"]
    if column.kind == "county":
        return list(counties)
    seen: dict[str, str] = {}
    for label, code in (column.codes or {}).items():
        seen.setdefault(code, label)
    return list(seen.values())


def example(column: Column, counties: Sequence[str]) -> str | int | float | date:
    """Return a value that the column accepts, as a clerk would type it; of nobody who lives."""
    if offered := choices(column, counties):
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
            return _example_number(column)
        case "indicator":
            return "M06-01"
        case _:
            return "TB-0001"


def _example_number(column: Column) -> int | float:
    if column.name == "income_year":
        return 2023
    return column.minimum if column.minimum is not None and column.minimum > 0 else 0


def _write_form(
    workbook: xlsxwriter.Workbook,
    styles: dict[str, xlsxwriter.format.Format],
    contract: Contract,
    counties: Sequence[str],
) -> None:
    sheet = workbook.add_worksheet(FORM_SHEET)
    last = len(contract.columns) - 1
    # A row can be deleted only where all of its cells are open, beyond the form too.
    sheet.set_column(last + 1, _LAST_COLUMN, None, styles["open"])
    sheet.merge_range(0, 0, 0, max(last, 1), contract.title, styles["title"])
    sheet.write(1, 0, "填报单位：　　　　　　填报季度：　　　　　　单位：见表头", styles["open"])
    for number, column in enumerate(contract.columns):
        style = styles["required" if column.is_required else "header"]
        sheet.write(HEADER_ROW, number, header(column), style)
        sheet.write_comment(HEADER_ROW, number, _note(column))
        sheet.set_column(number, number, _width(column), styles[_pattern(column)])
        sheet.data_validation(
            HEADER_ROW + 1, number, _LAST_ROW, number, _rule(column, number, counties)
        )
    sheet.autofilter(HEADER_ROW, 0, _LAST_ROW, last)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.protect("", _STAYS_POSSIBLE)
    sheet.set_landscape()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_footer("&L&A&R第&P页 共&N页")


def _pattern(column: Column) -> str:
    """Return the format of a column's cells; codes typed as numbers lose their last digits."""
    match column.kind:
        case "integer":
            return "0"
        case "decimal":
            return "0.00"
        case "date":
            return "yyyy-mm-dd"
        case "timestamp":
            return "yyyy-mm-dd hh:mm:ss"
        case _:
            return "@"


def _width(column: Column) -> int:
    return 22 if column.kind in ("person", "timestamp", "village") else 16


def _rule(column: Column, number: int, counties: Sequence[str]) -> dict[str, object]:
    """Return what a spreadsheet checks while somebody types, and what it says."""
    rule: dict[str, object] = {
        "input_title": column.header[:_LONGEST_TITLE],
        "input_message": _shortened(_note(column)),
        "error_title": "不合要求",
    }
    if offered := choices(column, counties):
        letter = xl_col_to_name(number)
        return rule | {
            "validate": "list",
            "source": f"={CHOICES_SHEET}!${letter}$1:${letter}${len(offered)}",
            "error_message": f"“{column.header}”请从下拉列表中选择。",
        }
    if column.kind in ("integer", "decimal"):
        return rule | {
            "validate": column.kind,
            "criteria": "between",
            "minimum": -_LARGEST if column.minimum is None else column.minimum,
            "maximum": _LARGEST if column.maximum is None else column.maximum,
            "error_message": _shortened(f"“{column.header}”：{_note(column)}"),
        }
    if column.kind in ("date", "timestamp"):
        return rule | {
            "validate": "date",
            "criteria": ">",
            "value": date(1900, 1, 1),
            "error_message": f"“{column.header}”请填{KINDS[column.kind]}。",
        }
    return rule | {"validate": "any"}


def _shortened(text: str) -> str:
    return (
        text if len(text) <= _LONGEST_MESSAGE else f"{text[: _LONGEST_MESSAGE - 8]}…（见填报说明）"
    )


def _write_choices(
    workbook: xlsxwriter.Workbook, contract: Contract, counties: Sequence[str]
) -> None:
    """Write each column's choices into the same column of a hidden sheet.

    A list typed into the rule itself ends at 255 characters.
    """
    sheet = workbook.add_worksheet(CHOICES_SHEET)
    for number, column in enumerate(contract.columns):
        sheet.write_column(0, number, choices(column, counties))
    sheet.protect()
    sheet.hide()


def _write_notes(
    workbook: xlsxwriter.Workbook,
    styles: dict[str, xlsxwriter.format.Format],
    contract: Contract,
    counties: Sequence[str],
) -> None:
    sheet = workbook.add_worksheet(NOTES_SHEET)
    for number, width in enumerate((28, 70, 24)):
        sheet.set_column(number, number, width, styles["wrap"])
    keys = "、".join(contract.column(name).header for name in contract.key)
    lines = [
        f"《{contract.title}》填报说明（数据标准版本 {contract.version}）",
        f"报送时限：季度结束后{contract.deadline_days}天内。",
        f"填报口径：{ACCUMULATION[contract.accumulation]}。",
        f"文件名：{contract.dataset}__报送单位编码__2024Q3.xlsx，或文件名中含有“{contract.title}”。",
        f"以下各列合起来不得重复：{keys}。",
        "橙色表头为必填；没有数的留空，不要填0；不要增加合并单元格；合计行可有可无。",
        f"数据从“{FORM_SHEET}”第{HEADER_ROW + 2}行填起，表头已锁定，可以增删行、排序和筛选。",
        "下面的示例只说明写法，所写的人、户和单位都是虚构的。",
    ]
    for number, line in enumerate(lines):
        sheet.merge_range(number, 0, number, 2, line, styles["wrap"])
    first = len(lines) + 1
    for number, title in enumerate(("列", "要求", "示例")):
        sheet.write(first, number, title, styles["header"])
    for number, column in enumerate(contract.columns, first + 1):
        sheet.write_string(number, 0, header(column), styles["wrap"])
        sheet.write_string(number, 1, _note(column), styles["wrap"])
        sheet.write_string(number, 2, str(example(column, counties)), styles["wrap"])
    sheet.protect()
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)


def header(column: Column) -> str:
    """Return the header, with the unit where the name does not say it."""
    if column.unit and not re.search(r"[（(].+[）)]$", column.header):
        return f"{column.header}（{column.unit}）"
    return column.header


def _note(column: Column) -> str:
    parts = [KINDS[column.kind], "必填" if column.is_required else "可留空"]
    if column.unit:
        parts.append(f"单位：{column.unit}")
    if column.codes:
        parts.append("可填：" + "、".join(choices(column, ())))
    return "；".join((*parts, *limits(column))) + "。"


def limits(column: Column) -> list[str]:
    """Return in words what holds for a column's values besides kind, unit and choices."""
    found = []
    if column.minimum is not None or column.maximum is not None:
        low = "不限" if column.minimum is None else f"{column.minimum:g}"
        high = "不限" if column.maximum is None else f"{column.maximum:.0f}"
        found.append(f"范围：{low}至{high}")
    if column.is_dropped:
        found.append("仅用于核对，不入库")
    return found
