"""From a row set to a department's file: headings, cells, totals, and the container around them.

Headers, aliases and labels come from the contract; which of them a sender uses is its ``Habit``.
Rows are formatted in blocks, so that a full-size roster is never held as cells as a whole.
"""

import codecs
import html
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa

from orchestration.calendar import Quarter
from orchestration.contracts import Column, Contract
from orchestration.simulation.habits import Habit
from orchestration.simulation.xlsx import Cell, Merge, Sheet, write_workbook

_BLOCK = 20_000


@dataclass(frozen=True)
class Submission:
    """What one file holds and how it is written."""

    contract: Contract
    quarter: Quarter
    sender: str
    sender_zh: str
    habit: Habit
    written_at: datetime

    @property
    def suffix(self) -> str:
        """The extension that the sender gives the file."""
        return {"xlsx": ".xlsx", "csv": ".csv", "html": ".xls"}[self.habit.container]

    @property
    def title(self) -> str:
        """The title that stands above the table."""
        return f"{self.sender_zh}{quarter_zh(self.quarter)}{self.contract.title}"


def quarter_zh(quarter: Quarter) -> str:
    """Return for example 2024年第三季度."""
    return f"{quarter.start.year}年第{'一二三四'[quarter.number - 1]}季度"


def file_name(submission: Submission) -> str:
    """Return the name under which the sender drops the file."""
    title, sender = submission.contract.title, submission.sender_zh
    quarter = quarter_zh(submission.quarter)
    styles = (
        f"{submission.contract.dataset}__{submission.sender}__{submission.quarter.label}",
        f"附件2：{sender}{quarter}{title}（最终版）",
        f"{sender}{title}（{quarter}）",
        f"{quarter}{sender}{title}-报送版",
        f"{sender}{submission.quarter.start.year}年{submission.quarter.number}季度{title}(1)",
    )
    return styles[submission.habit.name_style % len(styles)] + submission.suffix


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


def _sheets(submission: Submission, table: pa.Table) -> list[Sheet]:
    habit = submission.habit
    if habit.is_split_by_county and habit.container == "xlsx":
        names = table["county_code"].to_numpy(zero_copy_only=False)
        return [
            _sheet(submission, table.filter(pa.array(names == name)), str(name))
            for name in dict.fromkeys(names)
        ]
    return [_sheet(submission, table, "Sheet1")]


def _sheet(submission: Submission, table: pa.Table, name: str) -> Sheet:
    columns = [c for c in submission.contract.columns if c.name in table.column_names]
    merges: list[Merge] = []
    head: list[list[Cell]] = [[header_of(column, submission) for column in columns]]
    return Sheet(name, _rows(submission, table, columns, head), merges)


def header_of(column: Column, submission: Submission) -> str:
    """Return the header that the sender uses for a column in this quarter."""
    headers = column.headers
    return headers[submission.habit.alias % len(headers)] if column.aliases else headers[0]


def _rows(
    submission: Submission, table: pa.Table, columns: list[Column], head: list[list[Cell]]
) -> Iterator[list[Cell]]:
    yield from head
    formats = [_formatter(column, submission) for column in columns]
    for start in range(0, table.num_rows, _BLOCK):
        block = table.slice(start, _BLOCK)
        cells = [
            form(block[column.name].combine_chunks())
            for column, form in zip(columns, formats, strict=True)
        ]
        yield from map(list, zip(*cells, strict=True))


def _formatter(column: Column, submission: Submission) -> Callable[[pa.Array], list[Cell]]:
    """Return the function that turns a column of a row set into cells."""
    habit = submission.habit
    is_csv = habit.container != "xlsx"
    if column.kind == "decimal":
        scale = 10 ** (column.scale or 0)

        def decimals(values: pa.Array) -> list[Cell]:
            return [_number(value, scale) for value in values.to_pylist()]

        return decimals
    if column.kind in ("date", "month", "timestamp"):
        return lambda values: [_date(value, column.kind, is_csv) for value in values.to_pylist()]
    if column.kind == "boolean":
        yes, no = habit.booleans
        words = {True: yes, False: no, None: habit.null}
        return lambda values: [words[value] for value in values.to_pylist()]
    if column.codes is not None:
        labels = labels_of(column, habit.label)
        return lambda values: [labels.get(value, habit.null) for value in values.to_pylist()]
    return lambda values: [habit.null if v is None else v for v in values.to_pylist()]


def labels_of(column: Column, choice: int) -> dict[str, str]:
    """Return one Chinese label for every code of a column."""
    labels: dict[str, list[str]] = {}
    for label, code in (column.codes or {}).items():
        labels.setdefault(code, []).append(label)
    return {code: names[choice % len(names)] for code, names in labels.items()}


def _number(value: int | None, scale: int) -> Cell:
    if value is None:
        return None
    whole, rest = divmod(value, scale)
    return value / scale if rest else whole


def _date(value: date | datetime | None, kind: str, is_text: bool) -> Cell:
    if value is None:
        return None
    if kind == "month":
        return f"{value:%Y%m}"
    if not is_text:
        return value
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else f"{value:%Y-%m-%d}"


def _write_csv(file: Path, sheet: Sheet, habit: Habit) -> None:
    with file.open("wb") as handle:
        if habit.encoding == "utf-16":
            handle.write(codecs.BOM_UTF16_LE)
        encoding = "utf-16-le" if habit.encoding == "utf-16" else habit.encoding
        separator = "\t" if habit.encoding == "utf-16" else ","
        is_first = True
        lines: list[str] = []
        for number, row in enumerate(sheet.rows, start=1):
            lines.append(separator.join([_text(cell, separator) for cell in row]))
            if number % _BLOCK == 0:
                _flush(handle.write, lines, encoding, is_first)
                is_first = False
        _flush(handle.write, lines, encoding, is_first)


def _flush(write: Callable[[bytes], int], lines: list[str], encoding: str, is_first: bool) -> None:
    if not lines:
        return
    if encoding == "utf-8-sig" and not is_first:
        encoding = "utf-8"
    write(("\r\n".join(lines) + "\r\n").encode(encoding))
    lines.clear()


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


__all__ = ["Submission", "file_name", "header_of", "labels_of", "quarter_zh", "write_submission"]
