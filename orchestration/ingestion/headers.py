"""Finding the header of a table and which of its columns is which column of the contract.

Headers are compared after normalisation (half-width, no white space, no unit, no brackets), alone
and joined with the heading above them; a parent heading over several columns counts for each.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from orchestration.contracts import Column, Contract
from orchestration.ingestion.cells import as_null
from orchestration.ingestion.tables import RawTable
from orchestration.ingestion.titles import title_texts, units_in
from orchestration.ingestion.units import as_unit, factor, family

_SEARCHED_ROWS = 60
_DEEPEST_HEADER = 3
_UNIMPORTANT = {"序号", "编号", "备注", ""}

_NUMBERING = re.compile(
    r"^(?:[一二三四五六七八九十]{1,3}[、.]|\([一二三四五六七八九十\d]{1,3}\)|\d{1,2}[、.)](?!\d))"
)
_BRACKETED = re.compile(r"[(\[【]([^()\[\]【】]*)[)\]】]")
_TRAILING_UNIT = re.compile(r"(?:[/:,]|单位:?)([^/:,]+)$")
_IGNORED_SIGNS = re.compile(r"[\s\u200b\ufeff*、·“”\"'‘’:()\[\]【】_]+")
_COPY_MARK = re.compile(r"\.?\d$")


@dataclass(frozen=True)
class Header:
    """A header text taken apart."""

    name: str
    unit: str | None


@dataclass(frozen=True)
class Place:
    """Where a column of the contract stands in a table.

    ``unit_factor`` turns the figure of the table into the contract's unit; ``duplicates`` are the
    indexes of further columns with the same header.
    """

    column: Column
    index: int
    header: str
    unit: str | None = None
    unit_factor: Decimal = Decimal(1)
    duplicates: tuple[int, ...] = ()


class UnknownUnitError(ValueError):
    """A header or title states a unit that cannot be converted into the contract's."""

    def __init__(self, header: str, unit: str, expected: str) -> None:
        super().__init__(f"{header}: {unit}")
        self.header = header
        self.unit = unit
        self.expected = expected


@dataclass(frozen=True)
class Layout:
    """One table within a sheet: where its header stands and what its columns are."""

    first_row: int
    body_row: int
    places: dict[str, Place]
    missing: tuple[Column, ...]
    unknown_headers: tuple[str, ...]
    titles: tuple[str, ...]
    width: int

    @property
    def is_complete(self) -> bool:
        """Whether every required column is there."""
        return not self.missing

    @property
    def has_key(self) -> bool:
        """Whether every key column is there; a summary sheet has none."""
        return not any(column.is_key for column in self.missing)


@dataclass
class HeaderIndex:
    """The contract's headers by normalised name, and a memory of texts already taken apart."""

    columns: dict[str, Column]
    required: int
    _known: dict[str, Header] = field(default_factory=dict)
    _found: dict[str, Column | None] = field(default_factory=dict)

    @classmethod
    def of(cls, contract: Contract) -> "HeaderIndex":
        """Index all headers, aliases and canonical names of a contract."""
        columns: dict[str, Column] = {}
        for column in contract.columns:
            for text in (column.name, *column.headers):
                columns.setdefault(normalise(text).name, column)
        return cls(columns, sum(column.is_required for column in contract.columns))

    def read(self, text: str) -> Header:
        """Take a header text apart."""
        if (known := self._known.get(text)) is None:
            known = self._known[text] = normalise(text)
        return known

    def find(self, name: str) -> Column | None:
        """Return the column of a normalised name; a copy mark at its end (户编号.1) is let go."""
        if name not in self._found:
            self._found[name] = (
                self.columns.get(name) or self.columns.get(_COPY_MARK.sub("", name))
                if name
                else None
            )
        return self._found[name]

    @property
    def least_matches(self) -> int:
        """How many columns a row must match to be a header."""
        return max(2, (self.required + 2) // 3)


def normalise(text: str) -> Header:
    """Take a header text apart into its bare name and its unit."""
    name = re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text)).lower()
    name = name.lstrip("*").removeprefix("其中:").removeprefix("其中")
    name = _NUMBERING.sub("", name)
    unit = None
    for content in _BRACKETED.findall(name):
        if found := as_unit(content, _BRACKETED.sub("", name)):
            unit = found
            name = re.sub(rf"[(\[【]{re.escape(content)}[)\]】]", "", name, count=1)
    if (match := _TRAILING_UNIT.search(name)) and (found := as_unit(match[1], name)):
        unit = unit or found
        name = name[: match.start()]
    return Header(_IGNORED_SIGNS.sub("", name), unit)


def find_layouts(
    table: RawTable, index: HeaderIndex, start: int = 0, titles: tuple[str, ...] = ()
) -> list[Layout]:
    """Return the tables whose header is the best one at or below row ``start``.

    That is one, several if the same header stands side by side, none if nothing looks like it.
    ``titles`` are those of a table above in the same sheet: its unit holds on.

    Raises:
        UnknownUnitError: a unit is stated that cannot be converted.
    """
    rows = table.rows
    best: tuple[int, int, int, list[tuple[int, Column, str, str | None]]] | None = None
    for first in range(start, min(len(rows), start + _SEARCHED_ROWS)):
        if best is not None and first > best[2] + _DEEPEST_HEADER:
            # A better header further down is another table: the body ends there.
            break
        if not any(isinstance(cell, str) and cell for cell in rows[first]):
            continue
        for depth in range(1, _DEEPEST_HEADER + 1):
            if first + depth > len(rows):
                break
            matches = _matches(table, index, first, depth)
            score = len({column.name for _, column, _, _ in matches})
            if score >= index.least_matches and (best is None or (score, -depth) > best[:2]):
                best = (score, -depth, first, matches)
    if best is None:
        return []
    _, first, depth, matches = best[0], best[2], -best[1], best[3]
    titles = (*title_texts(rows[start:first]), *titles)
    sheet_units = units_in([*titles, table.sheet])
    body_row = first + depth
    if body_row < len(rows) and (stated := _row_of_units(rows[body_row])):
        matches = [(at, column, text, stated.get(at, unit)) for at, column, text, unit in matches]
        body_row += 1
    while body_row < len(rows) and _is_numbering(rows[body_row]):
        body_row += 1
    unknown = _unknown_headers(table, index, first, depth, {match[0] for match in matches})
    width = max((len(row) for row in rows[first:body_row]), default=0)
    return [
        Layout(first, body_row, places, _missing(index, places), unknown, titles, width)
        for places in (_places(block, sheet_units) for block in _blocks(matches))
    ]


def is_header_row(row: Sequence[object], index: HeaderIndex) -> dict[int, Column]:
    """Return the columns that a row in the body names; a header if there are enough of them."""
    found = {}
    for position, cell in enumerate(row):
        if isinstance(cell, str) and cell and (column := index.find(index.read(cell).name)):
            found[position] = column
    return found


def _matches(
    table: RawTable, index: HeaderIndex, first: int, depth: int
) -> list[tuple[int, Column, str, str | None]]:
    labels = _labels(table, first, depth)
    matches = []
    for position, parts in enumerate(labels):
        read = [index.read(part) for part in parts]
        unit = next((header.unit for header in reversed(read) if header.unit), None)
        for begin in range(len(read)):
            names = ["".join(header.name for header in read[begin:])]
            if len(read) > 1 and read[-1].name in ("小计", "合计", "计"):
                parents = "".join(header.name for header in read[begin:-1])
                names += [f"{parents}合计", parents]
            column = next(filter(None, map(index.find, names)), None)
            if column is not None:
                text = "".join(part.strip() for part in parts[begin:])
                matches.append((position, column, re.sub(r"\s+", "", text), unit))
                break
    return matches


def _labels(table: RawTable, first: int, depth: int) -> list[list[str]]:
    """Return the header texts over each column, top down; a parent heading covers what it spans."""
    lines = [_texts(row) for row in table.rows[first : first + depth]]
    width = max(map(len, lines), default=0)
    lines = [[*line, *[""] * (width - len(line))] for line in lines]
    for level, line in enumerate(lines[:-1]):
        ends = {
            merged.first_column: merged.last_column
            for merged in table.merged
            if merged.first_row == first + level
        }
        parent, last = "", -1
        for position in range(width):
            if line[position]:
                parent = line[position]
                # Without merged cells (text files) a heading reaches over the blanks behind it.
                last = ends.get(position, position if ends else width)
            elif position <= last and any(lower[position] for lower in lines[level + 1 :]):
                line[position] = parent
            else:
                parent, last = "", -1
    return [[line[position] for line in lines if line[position]] for position in range(width)]


def _texts(row: Sequence[object]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in row]


def _blocks(
    matches: list[tuple[int, Column, str, str | None]],
) -> list[list[tuple[int, Column, str, str | None]]]:
    """Split tables that stand side by side: the same columns, each once, in every block."""
    first = matches[0][1].name
    starts = [i for i, match in enumerate(matches) if match[1].name == first]
    blocks = [
        matches[begin:end] for begin, end in zip(starts, [*starts[1:], len(matches)], strict=True)
    ]
    contents = [[match[1].name for match in block] for block in blocks]
    is_split = len(contents[0]) > 2 and all(
        set(names) == set(contents[0]) and len(names) == len(contents[0]) for names in contents
    )
    return blocks if is_split and len(set(contents[0])) == len(contents[0]) else [matches]


def _places(
    matches: list[tuple[int, Column, str, str | None]], sheet_units: list[str]
) -> dict[str, Place]:
    places: dict[str, Place] = {}
    for position, column, header, unit in matches:
        if column.name in places:
            known = places[column.name]
            places[column.name] = Place(
                column,
                known.index,
                known.header,
                known.unit,
                known.unit_factor,
                (*known.duplicates, position),
            )
            continue
        if column.kind not in ("decimal", "integer"):
            places[column.name] = Place(column, position, header)
            continue
        if unit is None and column.unit:
            unit = next((u for u in sheet_units if family(u) == family(column.unit)), None)
        multiplier = Decimal(1)
        if unit is not None and unit != column.unit:
            found = factor(unit, column.unit) if column.unit else None
            if found is None:
                raise UnknownUnitError(header, unit, column.unit or "（无单位）")
            multiplier = found
        places[column.name] = Place(column, position, header, unit, multiplier)
    return places


def _missing(index: HeaderIndex, places: dict[str, Place]) -> tuple[Column, ...]:
    columns = {column.name: column for column in index.columns.values()}
    return tuple(c for name, c in columns.items() if c.is_required and name not in places)


def _unknown_headers(
    table: RawTable, index: HeaderIndex, first: int, depth: int, known: set[int]
) -> tuple[str, ...]:
    labels = _labels(table, first, depth)
    texts = {
        position: re.sub(r"\s+", "", "".join(parts))
        for position, parts in enumerate(labels)
        if position not in known and parts
    }
    return tuple(text for text in texts.values() if index.read(text).name not in _UNIMPORTANT)


def _row_of_units(row: Sequence[object]) -> dict[int, str]:
    """Return the units by column if a row below the header states nothing else."""
    cells = {i: str(cell).strip() for i, cell in enumerate(row) if as_null(cell) is None}
    units = {i: as_unit(text.strip("()（）")) for i, text in cells.items()}
    stated = {i: unit for i, unit in units.items() if unit}
    others = {text for i, text in cells.items() if i not in stated}
    return stated if others <= {"单位", "计量单位"} else {}


def _is_numbering(row: Sequence[object]) -> bool:
    """Whether a row only numbers the columns (甲 乙 1 2 3=1+2), as printed forms do."""
    texts = [str(cell).strip().removesuffix(".0") for cell in row if cell not in ("", None)]
    numbers = [int(match[1]) for text in texts if (match := re.match(r"\(?(\d{1,3})\b", text))]
    is_small = all(
        re.fullmatch(r"\(?\d{1,3}\)?(?:=[\d+\-()]+)?|[甲乙丙丁戊己庚辛壬癸A-Z]{1,2}", text)
        for text in texts
    )
    steps = all(later - earlier == 1 for earlier, later in pairwise(numbers))
    return len(texts) >= 3 and is_small and steps and len(numbers) >= len(texts) // 2
