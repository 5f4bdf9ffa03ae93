"""The blank workbook of a dataset, for a clerk to fill in: made from the contract, never by hand.

填报表 is the form: title, who reports for when, the headers. What is not to be changed is locked
without a password; every column says what it takes and refuses what ingestion would refuse.
填报说明 says how the form is filled in and sent, 填报示例 takes the columns one by one with an
example of each, 选项 holds what the drop-downs offer, out of sight.

Nothing but the form may look like data or name a county or a quarter where a title could stand:
receiving and ingestion look at every sheet. That is why the example stands upright, one column of
the form per row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property
from pathlib import Path
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_range_abs
from xlsxwriter.worksheet import Worksheet

from orchestration.contracts.examples import EXAMPLE_COUNTY_CODE, EXAMPLE_QUARTER, Cell, example_row
from orchestration.contracts.model import Column, Contract, limit_text
from orchestration.receiving.senders import load_senders
from orchestration.receiving.submission import proper_names
from orchestration.seeds import seed_rows

FORM_SHEET, NOTES_SHEET, EXAMPLE_SHEET, LISTS_SHEET = "填报表", "填报说明", "填报示例", "选项"
HEADER_ROW = 2
"""Row of the headers in the form, counted from 0: title and reporter stand above it."""

_LAST_ROW = HEADER_ROW + 100_000
_LAST_COLUMN = 16_383
_LONGEST_TITLE = 32
"""Characters that a spreadsheet shows as the title of a message."""

_FIRST_DAY, _LAST_DAY = date(1900, 1, 2), date(2100, 12, 31)
_A4 = 9

KINDS = {
    "text": "文字",
    "integer": "整数",
    "decimal": "数值",
    "date": "日期，如 2024-03-31",
    "month": "月份，如 2024-03",
    "timestamp": "日期和时间，如 2024-03-31 15:30:00",
    "boolean": "是或否，从下拉列表中选择",
    "code": "从下拉列表中选择",
    "county": "县（市、区）全称，从下拉列表中选择",
    "village": "行政村全称或12位统计用区划代码",
    "indicator": "指标编码，从下拉列表中选择，名称见“填报说明”",
    "person": "18位证件号码（残疾人证20位），按文本录入",
    "household": "户编号，按文本录入",
}
_WIDTHS = {"person": 22, "household": 18, "village": 18, "text": 16, "timestamp": 20}
_FORMATS = {"date": "yyyy-mm-dd", "month": "yyyy-mm", "timestamp": "yyyy-mm-dd hh:mm:ss"}
ACCUMULATION = {
    "in_period": "只填本季度发生的数",
    "income_year_to_date": "填收入年度（上年10月1日起）累计数",
    "calendar_year_to_date": "填自然年（1月1日起）累计数",
    "snapshot": "填季度末的时点情况",
}


@dataclass(frozen=True)
class _Form:
    """What a form is made of: its contract, and what the seeds know of counties and indicators."""

    contract: Contract
    seeds: Path

    @property
    def counties(self) -> list[str]:
        return list(load_senders(self.seeds).counties.values())

    @property
    def senders(self) -> list[str]:
        """The names of those who may send it."""
        contract, departments = self.contract, load_senders(self.seeds).departments
        named = [] if contract.is_sent_by_counties else [departments[s] for s in contract.senders]
        return [*named, *(self.counties if contract.is_taken_from_counties else ())]

    @cached_property
    def indicators(self) -> dict[str, str]:
        """Titles and units of the indicators by their codes."""
        return {
            row["indicator_id"]: f"{row['title_zh']}（{row['unit_zh']}）"
            for row in seed_rows("indicators", self.seeds)
        }

    @cached_property
    def offered(self) -> dict[str, list[str]]:
        """The words that columns accept, by the name of the column."""
        lists = {
            column.name: list(self.indicators)
            if column.kind == "indicator"
            else choices(column, self.counties)
            for column in self.contract.columns
        }
        return {name: words for name, words in lists.items() if words}


def write_template(contract: Contract, seeds: Path, path: Path) -> None:
    """Write the blank workbook of a contract; the same contract gives the same bytes.

    Args:
        contract: the dataset.
        seeds: the folder of the seeds, for counties, departments and indicators.
        path: the xlsx file; its folder must exist.
    """
    form = _Form(contract, seeds)
    with xlsxwriter.Workbook(path, {"in_memory": True}) as workbook:
        begun = datetime.combine(contract.valid_from.start, time())
        workbook.set_properties({"title": contract.title, "created": begun})
        layout = _Layout(workbook)
        layout.form(form)
        layout.notes(form)
        layout.example(form)
        layout.lists()


def choices(column: Column, counties: Sequence[str]) -> list[str]:
    """Return the words that a column accepts by its contract; empty if it takes any."""
    if column.kind == "boolean":
        return ["是", "否"]
    if column.kind == "county":
        return list(counties)
    seen: dict[str, str] = {}
    for label, code in (column.codes or {}).items():
        seen.setdefault(code, label)
    return list(seen.values())


def header(column: Column) -> str:
    """Return the header, with the unit where the name does not say it."""
    if column.unit and not re.search(r"[（(].+[）)]$", column.header):
        return f"{column.header}（{column.unit}）"
    return column.header


class _Layout:
    """Sheets of one workbook in one style."""

    def __init__(self, workbook: xlsxwriter.Workbook) -> None:
        self._workbook = workbook
        self._title = workbook.add_format(
            {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter"}
        )
        self._label = workbook.add_format({"bold": True, "align": "right"})
        heading = {"bold": True, "border": 1, "text_wrap": True, "valign": "vcenter"}
        self._header = workbook.add_format({**heading, "bg_color": "#E7EEF7"})
        self._required = workbook.add_format({**heading, "bg_color": "#FCE9D9"})
        self._wrap = workbook.add_format({"text_wrap": True, "valign": "top"})
        self._marked = workbook.add_format(
            {"text_wrap": True, "valign": "top", "italic": True, "font_color": "#7F7F7F"}
        )
        self._open: dict[str, Format] = {}
        self._lists: dict[tuple[str, ...], str] = {}

    def form(self, form: _Form) -> None:
        """Write the sheet that is filled in."""
        contract = form.contract
        sheet = self._workbook.add_worksheet(FORM_SHEET)
        last = len(contract.columns) - 1
        # Whole rows are open, or they could not be deleted again.
        sheet.set_column(last + 1, _LAST_COLUMN, None, self._unlocked("General"))
        sheet.merge_range(0, 0, 0, max(last, 3), contract.title, self._title)
        sheet.set_row(0, 28)
        self._reporter(sheet, form.senders)
        lines = 1
        for number, column in enumerate(contract.columns):
            label = header(column)
            width = _width(column, form.offered.get(column.name, ()))
            lines = max(lines, -(-_length(label) // (width - 2)))
            sheet.set_column(number, number, width, self._unlocked(_number_format(column)))
            sheet.write_string(HEADER_ROW, number, label, self._heading(column))
            sheet.write_comment(HEADER_ROW, number, _note(column, contract), {"x_scale": 2})
            self._rule(sheet, number, column, form)
        sheet.set_row(HEADER_ROW, 16 * lines)
        texts = [n for n, column in enumerate(contract.columns) if _number_format(column) == "@"]
        if texts:
            ranges = " ".join(xl_range(HEADER_ROW + 1, n, _LAST_ROW, n) for n in texts)
            sheet.ignore_errors({"number_stored_as_text": ranges})
        sheet.autofilter(HEADER_ROW, 0, _LAST_ROW, last)
        sheet.freeze_panes(HEADER_ROW + 1, 0)
        allowed = ("insert_rows", "delete_rows", "format_rows", "format_columns", "sort")
        sheet.protect("", dict.fromkeys((*allowed, "autofilter"), True))
        sheet.repeat_rows(HEADER_ROW)
        _print_on_a4(sheet)

    def notes(self, form: _Form) -> None:
        """Write how the form is filled in, named, checked and sent."""
        sheet = self._workbook.add_worksheet(NOTES_SHEET)
        sheet.set_column(0, 0, 100)
        for number, line in enumerate(_instructions(form)):
            sheet.write_string(number, 0, line, self._wrap)
        sheet.protect()
        _print_on_a4(sheet)

    def example(self, form: _Form) -> None:
        """Write what each column takes, with an example that nobody is to send."""
        contract, row = form.contract, example_row(form.contract, form.offered)
        sheet = self._workbook.add_worksheet(EXAMPLE_SHEET)
        sheet.write_string(0, 0, f"《{contract.title}》填报示例（虚构，不报送，不要在本页填数）")
        # Five headings: receiving looks for titles down to the first row with more than four cells.
        for number, (label, width) in enumerate(
            {"序号": 6, "列名": 30, "是否必填": 10, "示例": 24, "怎么填": 70}.items()
        ):
            sheet.set_column(number, number, width)
            sheet.write_string(1, number, label, self._header)
        for number, column in enumerate(contract.columns, 1):
            sheet.write_number(number + 1, 0, number, self._wrap)
            sheet.write_string(number + 1, 1, header(column), self._heading(column))
            sheet.write_string(number + 1, 2, _requiredness(column), self._wrap)
            sheet.write_string(number + 1, 3, _shown(row[column.name], column), self._marked)
            sheet.write_string(number + 1, 4, _note(column, contract), self._wrap)
        sheet.freeze_panes(2, 0)
        sheet.repeat_rows(1)
        sheet.protect()
        _print_on_a4(sheet)

    def lists(self) -> None:
        """Write what the drop-downs offer; they refer to it, since a rule holds 255 characters."""
        sheet = self._workbook.add_worksheet(LISTS_SHEET)
        for number, words in enumerate(self._lists):
            sheet.write_column(0, number, words)
        sheet.very_hidden()

    def _reporter(self, sheet: Worksheet, senders: Sequence[str]) -> None:
        sheet.write_string(1, 0, "填报单位：", self._label)
        sheet.write_string(1, 1, senders[0] if len(senders) == 1 else "", self._unlocked("@"))
        offer = {"validate": "list", "source": self._list(senders)}
        message = _message("填报单位", "从下拉列表中选择，与文件名一致。", "请从下拉列表中选择。")
        sheet.data_validation(1, 1, 1, 1, {**offer, **message})
        sheet.write_string(1, 2, "填报季度：", self._label)
        sheet.write_blank(1, 3, None, self._unlocked("@"))
        hint = f"写明年份和季度，如“{EXAMPLE_QUARTER.label_zh}”，与文件名一致。"
        sheet.data_validation(1, 3, 1, 3, {"validate": "any", **_message("填报季度", hint)})

    def _rule(self, sheet: Worksheet, number: int, column: Column, form: _Form) -> None:
        """Say what a column takes when a cell is chosen, and refuse anything else."""
        words = form.offered.get(column.name)
        rule: dict[str, Any]
        if words:
            rule, wanted = {"validate": "list", "source": self._list(words)}, "从下拉列表中选择"
        else:
            rule, wanted = _bounds(column)
        message = _message(
            column.header,
            _hint(column, form.contract),
            f"“{column.header}”请{wanted}{'' if column.is_required else '；不掌握的留空'}。"
            if wanted
            else "",
        )
        sheet.data_validation(HEADER_ROW + 1, number, _LAST_ROW, number, {**rule, **message})

    def _list(self, words: Sequence[str]) -> str:
        """Return the place on the sheet of lists where words stand, each list once."""
        number = len(self._lists)
        place = f"={LISTS_SHEET}!{xl_range_abs(0, number, len(words) - 1, number)}"
        return self._lists.setdefault(tuple(words), place)

    def _heading(self, column: Column) -> Format:
        return self._required if column.is_required else self._header

    def _unlocked(self, number_format: str) -> Format:
        if number_format not in self._open:
            self._open[number_format] = self._workbook.add_format(
                {"num_format": number_format, "locked": False}
            )
        return self._open[number_format]


def _message(title: str, hint: str, refusal: str = "") -> dict[str, str]:
    message = {"input_title": title[:_LONGEST_TITLE], "input_message": hint}
    return {**message, "error_title": "填法不对", "error_message": refusal} if refusal else message


def _bounds(column: Column) -> tuple[dict[str, Any], str]:
    """Return the rule of a column without a list, and what it wants in words."""
    between: dict[str, Any] = {"criteria": "between"}
    match column.kind:
        case "integer" | "decimal":
            digits = 10 ** ((column.precision or 18) - (column.scale or 0))
            most = 2_147_483_647 if column.kind == "integer" else digits - 1
            low = -most if column.minimum is None else column.minimum
            high = most if column.maximum is None else column.maximum
            what = "整数" if column.kind == "integer" else "数字"
            wanted = "，".join(filter(None, (f"只填{what}，不带单位", _range(column))))
            return {**between, "validate": column.kind, "minimum": low, "maximum": high}, wanted
        case "date" | "month" | "timestamp":
            days = {"validate": "date", "minimum": _FIRST_DAY, "maximum": _LAST_DAY}
            return {**between, **days}, f"填{KINDS[column.kind]}"
        case "person":
            lengths = {"validate": "length", "minimum": 15, "maximum": 22}
            return {**between, **lengths}, "填完整的证件号码，18位（残疾人证20位）"
    return {"validate": "any"}, ""


def _instructions(form: _Form) -> list[str]:
    """Return the lines of 填报说明; those that name a quarter stand below where titles may."""
    contract = form.contract
    keys = "、".join(column.header for column in contract.columns if column.is_key)
    senders = load_senders(form.seeds)
    is_county = contract.is_sent_by_counties
    sender = EXAMPLE_COUNTY_CODE if is_county else contract.senders[0]
    in_words, by_ids = proper_names(contract, sender, EXAMPLE_QUARTER, senders)
    who = "各县（市、区）" if is_county else "、".join(map(senders.name_zh, contract.senders))
    also = "，县（市、区）也可报送本县的部分" if contract.may_come_from_counties else ""
    lines = [
        f"《{contract.title}》填报说明（数据标准版本 {contract.version}）",
        f"谁报：{who}{also}。何时报：季度结束后{contract.deadline_days}天内。",
        f"口径：{ACCUMULATION[contract.accumulation]}。金额以元为单位，其他单位见表头。",
        f"在“{FORM_SHEET}”表头下面逐行填写，橙色表头为必填，可接着往下填，也可在数据行之间插入行。",
        "数值不掌握的留空；确实没有的填 0（空白表示“不知道”，不等于 0）。",
        f"以下各列合起来不得重复：{keys}。不要合并单元格；合计行可有可无。",
        "选中单元格即显示本列的填法。粘贴会绕过下拉列表和检查，请用“选择性粘贴→数值”，并先自查。",
        "标题和表头已锁定，以免误改；没有密码，确需改动时点“审阅→撤销工作表保护”。",
        f"每一列怎么填、填成什么样，见“{EXAMPLE_SHEET}”；该表和本说明都不会被当作数据。",
        f"文件名：{in_words}，或 {by_ids}（季度改为所报的季度）。",
        "报送前自查：zengshou doctor 文件名，所示即系统将给出的回执，不会真的报送。",
        "改正后请重报整张表（不要只报改过的行），系统以新的一版代替旧的一版。",
    ]
    if any(column.kind == "indicator" for column in contract.columns):
        lines.append("指标编码：")
        lines += [f"{code} {title}" for code, title in form.indicators.items()]
    return lines


def _hint(column: Column, contract: Contract) -> str:
    """Return what a column takes, short enough for a message beside the cell."""
    parts = [KINDS[column.kind], _requiredness(column)]
    if column.unit:
        parts.append(f"单位：{column.unit}")
    parts += limits(column)
    if column.name in contract.occurred_on:
        others = [contract.column(name).header for name in contract.occurred_on]
        which = f"（{'、'.join(others)}至少一个）" if len(others) > 1 else ""
        parts.append(f"应在所报季度内{which}")
    return "；".join(parts) + "。"


def _requiredness(column: Column) -> str:
    return "必填" if column.is_required else "可留空"


def _note(column: Column, contract: Contract) -> str:
    words = choices(column, ())
    note = _hint(column, contract) + (f"可填：{'、'.join(words)}。" if words else "")
    for identity in contract.identities:
        if identity.total == column.name:
            signed = [
                ("－" if sign < 0 else "＋") + contract.column(name).header
                for name, sign in identity.parts.items()
            ]
            divisor = identity.divisor and f"，再除以{contract.column(identity.divisor).header}"
            note += f"应等于：{''.join(signed).removeprefix('＋')}{divisor or ''}。"
    return note


def limits(column: Column) -> list[str]:
    """Return in words what holds for a column's values besides kind, unit and choices."""
    return [
        text for text in (_range(column), "仅用于核对，不入库" if column.is_dropped else "") if text
    ]


def _range(column: Column) -> str:
    if column.minimum is None and column.maximum is None:
        return ""
    low = limit_text(column.minimum) or "不限"
    return f"范围：{low}至{limit_text(column.maximum) or '不限'}"


def _number_format(column: Column) -> str:
    match column.kind:
        case "decimal":
            return f"#,##0.{'0' * column.scale}" if column.unit and column.scale else "General"
        case "integer":
            return "#,##0" if column.unit else "0"
    return _FORMATS.get(column.kind, "@")


def _width(column: Column, words: Sequence[str]) -> int:
    longest = max(map(_length, words), default=0)
    return min(max(_WIDTHS.get(column.kind, 14), longest + 4), 30)


def _length(text: str) -> int:
    """Return how wide a text is in half-width characters."""
    return sum(1 if character.isascii() else 2 for character in text)


def _shown(value: Cell, column: Column) -> str:
    """Return an example as a clerk would type it."""
    match value:
        case datetime():
            return f"{value:%Y-%m-%d %H:%M:%S}"
        case date():
            return f"{value:%Y-%m}" if column.kind == "month" else value.isoformat()
    return str(value)


def _print_on_a4(sheet: Worksheet) -> None:
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&L&F&R第&P页，共&N页")
