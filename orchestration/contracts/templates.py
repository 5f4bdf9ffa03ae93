"""The blank workbook of a dataset, for a clerk to fill in: made from the contract, never by hand.

The first sheet is the form: title, who reports for when, the headers with notes, drop-downs where
only certain words are accepted. The second sheet says in words what each column must hold and when
and under which name the file is due.
"""

import re
from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

from orchestration.contracts.model import Column, Contract

FORM_SHEET, NOTES_SHEET = "填报表", "填报说明"
HEADER_ROW = 2
"""Row of the headers in the form, counted from 0: title and reporter stand above it."""

_ROWS = 5_000
_LONGEST_LIST = 255
"""Characters that a spreadsheet takes as a list of choices typed into the rule itself."""

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
        styles = {
            "title": workbook.add_format({"bold": True, "font_size": 16, "align": "center"}),
            "header": workbook.add_format(
                {"bold": True, "border": 1, "text_wrap": True, "bg_color": "#E7EEF7"}
            ),
            "required": workbook.add_format(
                {"bold": True, "border": 1, "text_wrap": True, "bg_color": "#FCE9D9"}
            ),
            "text": workbook.add_format({"num_format": "@"}),
            "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        }
        _write_form(workbook, styles, contract, counties)
        _write_notes(workbook, styles, contract)


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


def _write_form(
    workbook: xlsxwriter.Workbook,
    styles: dict[str, xlsxwriter.format.Format],
    contract: Contract,
    counties: Sequence[str],
) -> None:
    sheet = workbook.add_worksheet(FORM_SHEET)
    last = len(contract.columns) - 1
    sheet.merge_range(0, 0, 0, max(last, 1), contract.title, styles["title"])
    sheet.write(1, 0, "填报单位：　　　　　　填报季度：　　　　　　单位：见表头")
    for number, column in enumerate(contract.columns):
        sheet.write(
            HEADER_ROW,
            number,
            header(column),
            styles["required" if column.is_required else "header"],
        )
        sheet.write_comment(HEADER_ROW, number, _note(column))
        # Identity and record numbers typed as numbers lose their last digits.
        is_text = column.kind in ("person", "household", "text", "village")
        sheet.set_column(number, number, 18, styles["text"] if is_text else None)
        offered = choices(column, counties)
        if offered and len(",".join(offered)) <= _LONGEST_LIST:
            sheet.data_validation(
                HEADER_ROW + 1,
                number,
                HEADER_ROW + _ROWS,
                number,
                {
                    "validate": "list",
                    "source": offered,
                    "error_title": "不在列表中",
                    "error_message": f"“{column.header}”请从下拉列表中选择。",
                },
            )
    sheet.freeze_panes(HEADER_ROW + 1, 0)


def _write_notes(
    workbook: xlsxwriter.Workbook,
    styles: dict[str, xlsxwriter.format.Format],
    contract: Contract,
) -> None:
    sheet = workbook.add_worksheet(NOTES_SHEET)
    sheet.set_column(0, 0, 100, styles["wrap"])
    keys = "、".join(contract.column(name).header for name in contract.key)
    lines = [
        f"《{contract.title}》填报说明（合同版本 {contract.version}）",
        f"报送时限：季度结束后{contract.deadline_days}天内。",
        f"填报口径：{ACCUMULATION[contract.accumulation]}。",
        f"文件名：{contract.dataset}__报送单位编码__2024Q3.xlsx，或文件名中含有“{contract.title}”。",
        f"以下各列合起来不得重复：{keys}。",
        "橙色表头为必填；没有数的留空，不要填0；不要增加合并单元格；合计行可有可无。",
        *(f"【{column.header}】{_note(column)}" for column in contract.columns),
    ]
    for number, line in enumerate(lines):
        sheet.write_string(number, 0, line)


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
