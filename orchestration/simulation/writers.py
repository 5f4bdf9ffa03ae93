"""From a row set to a department's file: headings, cells, totals, and the container around them.

Headers, aliases and labels come from the contract; which of them a sender uses is its ``Habit``.
Rows are formatted in blocks, so that a full-size roster is never held as cells as a whole.
"""

import codecs
import html
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import yaml

from orchestration.calendar import Quarter
from orchestration.contracts import Column, Contract
from orchestration.simulation.habits import Habit
from orchestration.simulation.randomness import stream
from orchestration.simulation.xlsx import Cell, Merge, Sheet, write_workbook

_BLOCK = 20_000
_GROUPS = {
    "wage": "一、工资性收入",
    "business": "二、生产经营性收入",
    "property": "三、财产性收入",
    "transfer": "四、转移性收入",
}
_FULL_WIDTH = str.maketrans("0123456789.", "０１２３４５６７８９．")


@dataclass(frozen=True)
class Submission:
    """What one file holds and how it is written."""

    contract: Contract
    quarter: Quarter
    sender: str
    sender_zh: str
    prefecture_zh: str
    habit: Habit
    written_at: datetime
    seed: int

    @property
    def suffix(self) -> str:
        """The extension that the sender gives the file."""
        return {"xlsx": ".xlsx", "csv": ".csv", "html": ".xls"}[self.habit.container]

    def draw(self, *names: str) -> np.random.Generator:
        """Return a random stream of this file."""
        return stream(
            self.seed, "file", self.contract.dataset, self.sender, self.quarter.label, *names
        )


def quarter_zh(quarter: Quarter) -> str:
    """Return for example 2024年第三季度."""
    return f"{quarter.start.year}年第{'一二三四'[quarter.number - 1]}季度"


def file_name(submission: Submission, decoration: str = "") -> str:
    """Return the name under which the sender drops the file; a re-sent one is decorated."""
    title, sender = submission.contract.title, submission.sender_zh
    quarter = quarter_zh(submission.quarter)
    year, number = submission.quarter.start.year, submission.quarter.number
    styles = (
        f"{submission.contract.dataset}__{submission.sender}__{submission.quarter.label}",
        f"附件2：{sender}{quarter}{title}（最终版）",
        f"{sender}{title}（{quarter}）",
        f"{quarter}{sender}{title}-报送版",
        f"{sender}{year}年{number}季度{title}",
        f"{title}_{sender}_{submission.quarter.label}",
    )
    return styles[submission.habit.name_style % len(styles)] + decoration + submission.suffix


def write_submission(file: Path, submission: Submission, table: pa.Table) -> None:
    """Write the file; the same arguments give the same bytes."""
    habit = submission.habit
    sheets = _sheets(submission, table)
    if habit.container == "xlsx":
        write_workbook(file, sheets, submission.written_at)
    elif habit.container == "html":
        _write_html(file, sheets[0])
    else:
        _write_csv(file, sheets[0], habit)


def header_of(column: Column, submission: Submission) -> str:
    """Return the header under which the sender writes a column in this quarter."""
    dated = dated_aliases(submission.contract.path)
    for alias, (name, until) in dated.items():
        if name == column.name and submission.quarter <= until:
            return alias
    headers = [header for header in column.headers if header not in dated]
    if submission.habit.is_in_wan and column.unit == "元":
        headers = [header for header in headers if "元）" not in header]
    if submission.habit.is_in_wan or submission.contract.is_sent_by_counties:
        headers = [header for header in headers if "万元）" not in header]
    chance = zlib.crc32(f"{submission.sender} {column.name}".encode())
    # Most senders keep to the form; some write a name that was usual once or is shorter.
    return headers[(chance >> 8) % len(headers)] if chance % 4 == 0 else headers[0]


@cache
def dated_aliases(contract: Path) -> dict[str, tuple[str, Quarter]]:
    """Return aliases that the contract says were used until some quarter: alias → column, quarter.

    The loader keeps the alias alone; until when it was used stands in its description.
    """
    document = yaml.safe_load(contract.read_text("utf-8"))
    return {
        synonym["synonym"]: (item["name"], Quarter.parse(synonym["description"].split()[-1]))
        for item in document["schema"][0]["properties"]
        for synonym in item.get("synonyms", ())
        if synonym.get("description", "").startswith("until ")
    }


def labels_of(column: Column, choice: int) -> dict[str, str]:
    """Return one Chinese label for every code of a column."""
    labels: dict[str, list[str]] = {}
    for label, code in (column.codes or {}).items():
        labels.setdefault(code, []).append(label)
    return {code: names[choice % len(names)] for code, names in labels.items()}


def _sheets(submission: Submission, table: pa.Table) -> list[Sheet]:
    habit = submission.habit
    if habit.is_split_by_county and table.num_rows:
        names = table["county_code"].to_numpy(zero_copy_only=False)
        sheets = [
            _sheet(submission, table.filter(pa.array(names == name)), str(name))
            for name in dict.fromkeys(names)
        ]
    else:
        sheets = [_sheet(submission, table, "Sheet1")]
    if habit.has_hidden_sheet and habit.container == "xlsx":
        labels = [label for c in submission.contract.columns for label in c.codes or ()]
        rows: list[list[Cell]] = [["填报选项"]]
        rows += [[label] for label in labels]
        sheets.append(Sheet("选项", rows, is_hidden=True))
    return sheets


def _sheet(submission: Submission, table: pa.Table, name: str) -> Sheet:
    columns = _ordered(submission, table)
    has_rows = submission.habit.is_village_merged and "village_code" in table.column_names
    merges: list[Merge] = []
    head = _head(submission, columns, merges)
    villages = _runs(table["village_code"]) if has_rows or _has_subtotals(submission, table) else []
    rows = _rows(submission, table, columns, head, villages, merges)
    return Sheet(name, rows, merges)


def _ordered(submission: Submission, table: pa.Table) -> list[Column]:
    columns = [c for c in submission.contract.columns if c.name in table.column_names]
    habit = submission.habit
    fixed = 1 + max((i for i, c in enumerate(columns) if c.is_key), default=0)
    head, tail = columns[:fixed], columns[fixed:]
    if habit.order == 1 and not habit.has_groups:
        tail = sorted(tail, key=lambda c: c.kind in ("date", "month", "timestamp", "text"))
    elif habit.order == 2 and not habit.has_groups:
        draw = stream(submission.seed, "order", submission.sender, submission.contract.dataset)
        tail = [tail[i] for i in draw.permutation(len(tail))]
    return head + tail


def _head(submission: Submission, columns: list[Column], merges: list[Merge]) -> list[list[Cell]]:
    """Return the rows down to the header; merged cells are added to ``merges``."""
    habit = submission.habit
    width = len(columns) + habit.has_serial
    rows: list[list[Cell]] = []
    if habit.has_title:
        title = f"{submission.sender_zh}{quarter_zh(submission.quarter)}{submission.contract.title}"
        unit = "万元" if habit.is_in_wan else "元"
        money = any(column.unit == "元" for column in columns)
        filed = f"填报时间：{submission.written_at:%Y年%m月%d日}"
        parts: list[Cell] = [f"填报单位：{submission.sender_zh}", None, filed]
        if money:
            parts += [None, f"单位：{unit}"]
        rows.append([title])
        rows.append(parts)
        merges.append((0, 0, 0, width - 1))
    serial: list[Cell] = ["序号"] if habit.has_serial else []
    names: list[Cell] = [header_of(column, submission) for column in columns]
    groups = [_GROUPS.get(column.name.split("_")[0]) for column in columns]
    if not habit.has_groups or not any(groups):
        rows.append(serial + names)
        return rows
    top = len(rows)
    upper: list[Cell] = list(serial)
    lower: list[Cell] = [None] * len(serial)
    if serial:
        merges.append((top, 0, top + 1, 0))
    for position, (name, group) in enumerate(zip(names, groups, strict=True), start=len(serial)):
        is_first = position == len(serial) or groups[position - len(serial) - 1] != group
        if group is None:
            upper.append(name)
            lower.append(None)
            merges.append((top, position, top + 1, position))
        else:
            upper.append(group if is_first else None)
            lower.append(name)
            if is_first:
                span = sum(1 for other in groups if other == group)
                merges.append((top, position, top, position + span - 1))
    return [*rows, upper, lower]


def _has_subtotals(submission: Submission, table: pa.Table) -> bool:
    return submission.habit.has_subtotals and "village_code" in table.column_names


def _runs(values: pa.ChunkedArray) -> list[int]:
    """Return the positions at which the value changes, the length last."""
    if not len(values):
        return []
    array = values.to_numpy(zero_copy_only=False)
    return [*(np.flatnonzero(array[1:] != array[:-1]) + 1).tolist(), len(array)]


def _rows(
    submission: Submission,
    table: pa.Table,
    columns: list[Column],
    head: list[list[Cell]],
    villages: list[int],
    merges: list[Merge],
) -> Iterator[list[Cell]]:
    habit = submission.habit
    yield from head
    written = len(head)
    shift = int(habit.has_serial)
    formats = [_formatter(column, submission) for column in columns]
    region = [
        i + shift for i, c in enumerate(columns) if c.kind == "village" or c.name == "township_name"
    ]
    ends = iter(villages)
    end = next(ends, None)
    begin = 0
    first_row = written
    for start in range(0, table.num_rows, _BLOCK):
        block = table.slice(start, _BLOCK)
        cells = [
            form(block[column.name].combine_chunks())
            for column, form in zip(columns, formats, strict=True)
        ]
        if shift:
            cells.insert(0, list(range(start + 1, start + block.num_rows + 1)))
        for number, row in enumerate(map(list, zip(*cells, strict=True)), start=start):
            if habit.is_village_merged and number > begin and villages:
                for position in region:
                    row[position] = None
            yield row
            written += 1
            if number + 1 != end:
                continue
            if habit.is_village_merged and end - begin > 1:
                merges.extend((first_row, i, written - 1, i) for i in region)
            if habit.has_subtotals:
                yield _total(submission, table.slice(begin, end - begin), columns, "小计")
                written += 1
            begin, first_row, end = end, written, next(ends, None)
    if habit.has_total and table.num_rows:
        yield _total(submission, table, columns, "合计")
    if habit.has_notes:
        yield from _notes(submission)


def _total(
    submission: Submission, table: pa.Table, columns: list[Column], label: str
) -> list[Cell]:
    """Return the row of a total: the label stands in the first cell, sums below their columns."""
    row: list[Cell] = [None] * (len(columns) + submission.habit.has_serial)
    shift = int(submission.habit.has_serial)
    for position, column in enumerate(columns, start=shift):
        if column.is_control_total:
            total = pc.sum(table[column.name]).as_py() or 0
            row[position] = _as_text(
                _number(total, _scale(column, submission)), submission.habit, is_odd=False
            )
    row[0] = label
    return row


def _notes(submission: Submission) -> list[list[Cell]]:
    draw = submission.draw("notes")
    surname = "马王李张杨"[int(draw.integers(0, 5))]
    return [
        ["注：本表数据由填报单位负责，请勿改动表头。"],
        [f"制表人：{surname}某", None, "审核人：某某", None, "联系电话：0951-0000000"],
    ]


def _formatter(column: Column, submission: Submission) -> Callable[[pa.Array], list[Cell]]:
    """Return the function that turns a column of a row set into cells."""
    habit = submission.habit
    if column.kind == "decimal":
        return _decimal_formatter(column, submission)
    if column.kind in ("date", "month", "timestamp"):
        return lambda values: [_date(value, column.kind, habit) for value in values.to_pylist()]
    if column.kind == "boolean":
        yes, no = habit.booleans
        words = {True: yes, False: no, None: habit.null}
        return lambda values: [words[value] for value in values.to_pylist()]
    if column.codes is not None:
        labels = labels_of(column, habit.label)
        return lambda values: [labels.get(value, habit.null) for value in values.to_pylist()]
    if column.kind in ("person", "household"):
        is_guarded = habit.is_guarded and habit.container == "csv"
        return lambda values: [
            habit.null if v is None else f'="{v}"' if is_guarded else v for v in values.to_pylist()
        ]
    if column.kind in ("county", "village"):
        return lambda values: [_place(v, column, submission) for v in values.to_pylist()]
    if habit.has_trailing_spaces and column.kind == "text":
        draw = submission.draw("spaces", column.name)

        def padded(values: pa.Array) -> list[Cell]:
            odd = draw.random(len(values)) < 0.03
            return [
                habit.null if v is None else f"{v} " if is_odd else v
                for v, is_odd in zip(values.to_pylist(), odd, strict=True)
            ]

        return padded
    return lambda values: [habit.null if v is None else v for v in values.to_pylist()]


def _decimal_formatter(column: Column, submission: Submission) -> Callable[[pa.Array], list[Cell]]:
    habit, scale = submission.habit, _scale(column, submission)
    if habit.numbers == "plain" or column.unit != "元":
        return lambda values: [
            habit.null if v is None else _number(v, scale) for v in values.to_pylist()
        ]
    draw = submission.draw("numbers", column.name)

    def odd(values: pa.Array) -> list[Cell]:
        chance = draw.random(len(values)) < 0.04
        return [
            habit.null if v is None else _as_text(_number(v, scale), habit, is_odd=is_odd)
            for v, is_odd in zip(values.to_pylist(), chance, strict=True)
        ]

    return odd


def _scale(column: Column, submission: Submission) -> int:
    """Return by what a stored figure is divided to be in the unit that the sender writes."""
    scale = 10 ** (column.scale or 0)
    if column.unit == "元" and (
        submission.habit.is_in_wan or "万元）" in header_of(column, submission)
    ):
        scale *= 10_000
    return scale


def _number(value: int, scale: int) -> int | float:
    whole, rest = divmod(value, scale)
    return value / scale if rest else whole


def _as_text(value: int | float, habit: Habit, *, is_odd: bool) -> Cell:
    """Return a figure as the sender types it: as text with commas, or now and then full-width."""
    if habit.numbers == "comma":
        return f"{value:,}" if isinstance(value, int) else f"{value:,.2f}"
    return str(value).translate(_FULL_WIDTH) if is_odd else value


def _place(name: str | None, column: Column, submission: Submission) -> Cell:
    style = submission.habit.place_style
    if name is None or style == 0:
        return name
    if column.kind == "village":
        return name.replace("村民委员会", "村").replace("村委会", "村") if style == 1 else name
    if name == submission.sender_zh and style == 2:
        return f"{submission.prefecture_zh}{name}"
    return name


def _date(value: date | datetime | None, kind: str, habit: Habit) -> Cell:
    if value is None:
        return habit.null
    if kind == "month":
        return f"{value:{habit.months}}"
    if habit.has_date_cells and habit.container == "xlsx":
        return value
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M:%S}"
    return f"{value:{habit.dates}}"


def _write_csv(file: Path, sheet: Sheet, habit: Habit) -> None:
    encoding, separator = habit.encoding, ","
    with file.open("wb") as handle:
        if encoding == "utf-16":
            handle.write(codecs.BOM_UTF16_LE)
            encoding, separator = "utf-16-le", "\t"
        elif encoding == "utf-8-sig":
            handle.write(codecs.BOM_UTF8)
            encoding = "utf-8"
        lines: list[str] = []
        for row in sheet.rows:
            lines.append(separator.join([_text(cell, separator) for cell in row]))
            if len(lines) == _BLOCK:
                handle.write(("\r\n".join(lines) + "\r\n").encode(encoding))
                lines.clear()
        handle.write(("\r\n".join([*lines, ""])).encode(encoding))


def _text(cell: Cell, separator: str) -> str:
    if cell is None:
        return ""
    text = cell if isinstance(cell, str) else str(cell)
    if separator in text or '"' in text or "\n" in text:
        return '"' + text.replace('"', '""') + '"'
    return text


def _write_html(file: Path, sheet: Sheet) -> None:
    """Write what many county systems call .xls: an HTML table."""
    with file.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(
            '<html><head><meta http-equiv="Content-Type" content="text/html; charset=utf-8">'
            "</head><body><table border=1>\n"
        )
        for row in sheet.rows:
            cells = "".join(f"<td>{html.escape('' if c is None else str(c))}</td>" for c in row)
            handle.write(f"<tr>{cells}</tr>\n")
        handle.write("</table></body></html>\n")
