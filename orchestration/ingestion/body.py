"""The rows below a header: which are data, which are totals, notes and signatures.

Totals are taken out and kept for the control sums; region names that are written once for many rows
are filled down. Whatever cannot be told is left in as data, so that it is refused and not lost.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from orchestration.contracts import Column
from orchestration.ingestion.cells import as_null
from orchestration.ingestion.headers import HeaderIndex, Layout, is_header_row
from orchestration.ingestion.tables import RawTable

_TOTAL = re.compile(
    r"[^\d:,，。;]{0,16}(?P<level>小计|合计|总计|总合计|累计|共计)(?:\([^()]*\))?:?"
)
_NOTE = re.compile(r"(?:备?注|说明|填表说明|填报说明|附注)\s*[:\d一]|(?:说明|备注|注)$")
_SIGNATURE = re.compile(
    r"(?:制表|审核|填表|填报|复核|经办|录入)人|"
    r"(?:制表|制单|审核|审批|填表|填报|复核|校对|经办|录入|统计)(?:员|签字|签章)?:|"
    r"(?:单位|部门|分管)?(?:负责人|领导)(?:签字|签章)?\s*:|"
    r"联系(?:电话|人|方式)|(?:填报|制表|报送|填表|上报)(?:日期|时间)|盖章|签字:"
)
_MOST_NOTE_CELLS = 4

_PLAIN, _BLANK, _MARKED = 0, 1, 2


@dataclass(frozen=True)
class TotalRow:
    """A row that states totals: ``position`` is the number of data rows above it."""

    row: int
    label: str
    level: str
    position: int
    cells: Sequence[object]


@dataclass(frozen=True)
class Fill:
    """A region name that was carried down to a row which left it out."""

    position: int
    column: str


@dataclass
class Body:
    """The data rows of one table; ``numbers`` are their 0-based rows in the sheet."""

    rows: list[list[object]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    totals: list[TotalRow] = field(default_factory=list)
    stray: set[int] = field(default_factory=set)
    misshapen: set[int] = field(default_factory=set)
    repeated_headers: list[int] = field(default_factory=list)
    fills: list[Fill] = field(default_factory=list)
    next_header: int | None = None

    def drop_caption(self) -> int | None:
        """Take off the stray lines at the end, a caption of what follows; return its first row."""
        first = None
        while self.stray and max(self.stray) == len(self.rows) - 1:
            self.stray.remove(len(self.rows) - 1)
            self.rows.pop()
            first = self.numbers.pop()
        return first

    def column(self, index: int) -> list[object]:
        """Return one column's cells over all data rows."""
        return [row[index] for row in self.rows]


def read_body(table: RawTable, layout: Layout, index: HeaderIndex) -> Body:
    """Take the rows below a header apart, up to the end of the sheet or the next other header."""
    body = Body()
    marks = _Marks(index)
    keys = [place.index for place in layout.places.values() if place.column.is_key]
    regions = [place.index for place in layout.places.values() if is_region(place.column)]
    first = min(place.index for place in layout.places.values())
    watched = sorted({*keys, *regions, first})
    width = max(place.index for place in layout.places.values()) + 1
    in_tail = False
    for number in range(layout.body_row, len(table.rows)):
        row = table.rows[number]
        if len(row) < width:
            row = [*row, *[""] * (width - len(row))]
        states = [marks[row[position]] for position in watched]
        if any(states):
            kind = _kind_of_row(row, layout, keys, marks, in_tail=in_tail)
            if kind == "header":
                named = is_header_row(row, index)
                same = {place.index: name for name, place in layout.places.items()}
                if any(same.get(position) != column.name for position, column in named.items()):
                    body.next_header = body.drop_caption() or number
                    break
                body.repeated_headers.append(number)
                continue
            if kind == "total":
                label = next(t for cell in row if (t := marks.text(cell)) and _TOTAL.fullmatch(t))
                match = _TOTAL.fullmatch(label)
                level = match["level"] if match else ""
                body.totals.append(TotalRow(number, label, level, len(body.rows), row))
                continue
            if kind in ("blank", "tail"):
                in_tail = in_tail or kind == "tail"
                continue
            if kind == "stray":
                body.stray.add(len(body.rows))
        if table.is_delimited and any(row[max(layout.width, width) :]):
            body.misshapen.add(len(body.rows))
        body.rows.append(list(row))
        body.numbers.append(number)
    _fill_merged(table, layout, body)
    _fill_down(layout, body)
    return body


def is_region(column: Column) -> bool:
    """Whether a column names the place of a row: such names are often written once for many."""
    return column.kind in ("county", "village") or column.name == "township_name"


class _Marks(dict[object, int]):
    """Remembers which cells are blank, plain, or a word that marks a special row."""

    def __init__(self, index: HeaderIndex) -> None:
        super().__init__()
        self._index = index
        self.least_matches = index.least_matches

    def __missing__(self, cell: object) -> int:
        # Most watched cells are numbers of households and persons: plain at first sight.
        is_number = isinstance(cell, str) and cell.isascii() and cell[-1:].isdigit()
        text = None if is_number else self.text(cell)
        if text is None:
            mark = _PLAIN
        elif not text or as_null(text) is not None:
            mark = _BLANK
        else:
            mark = _MARKED if self._is_marked(text) else _PLAIN
        self[cell] = mark
        return mark

    def names_column(self, text: str) -> bool:
        """Whether a text is a header of the contract."""
        return self._index.find(self._index.read(text).name) is not None

    def _is_marked(self, text: str) -> bool:
        if _TOTAL.fullmatch(text) or _NOTE.match(text) or _SIGNATURE.search(text):
            return True
        return self.names_column(text)

    @staticmethod
    def text(cell: object) -> str | None:
        """Return a text cell without white space, blank cells as an empty text."""
        if cell is None:
            return ""
        if not isinstance(cell, str):
            return None
        return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell))


def _kind_of_row(
    row: Sequence[object], layout: Layout, keys: list[int], marks: _Marks, *, in_tail: bool
) -> str:
    texts = [text for cell in row if (text := marks.text(cell)) != ""]
    if not texts:
        return "blank"
    words = [text for text in texts if text]
    key_blank = [marks[row[key]] == _BLANK for key in keys]
    key_marked = [marks[row[key]] == _MARKED for key in keys]
    named = sum(map(marks.names_column, words))
    if named >= marks.least_matches and named * 2 >= len(texts):
        return "header"
    if (any(key_blank) or any(key_marked)) and any(_TOTAL.fullmatch(word) for word in words[:4]):
        return "total"
    if not all(blank or marked for blank, marked in zip(key_blank, key_marked, strict=True)):
        return "data"
    if _NOTE.match(words[0] if words else "") and len(texts) <= _MOST_NOTE_CELLS:
        return "tail"
    if any(_SIGNATURE.search(word) for word in words) and len(texts) * 2 <= max(len(row), 8):
        return "tail"
    if in_tail and len(texts) <= _MOST_NOTE_CELLS:
        return "tail"
    mapped = sum(1 for place in layout.places.values() if marks[row[place.index]] != _BLANK)
    if not mapped:
        return "blank"
    return "stray" if mapped <= 2 < len(layout.places) else "data"


def _fill_merged(table: RawTable, layout: Layout, body: Body) -> None:
    """Give every row of a merged cell its value: by the file itself they all have it.

    Figures are left out: one figure over several rows is a sum of them, not the value of each.
    """
    columns = {
        place.index: name
        for name, place in layout.places.items()
        if place.column.kind not in ("decimal", "integer")
    }
    tall = [m for m in table.merged if m.last_row > m.first_row and m.first_column in columns]
    if not tall:
        return
    positions = {number: position for position, number in enumerate(body.numbers)}
    for merged in tall:
        if not layout.body_row <= merged.first_row < len(table.rows):
            continue
        row = table.rows[merged.first_row]
        value = row[merged.first_column] if merged.first_column < len(row) else ""
        if as_null(value) is not None:
            continue
        for number in range(merged.first_row + 1, merged.last_row + 1):
            position = positions.get(number)
            if position is not None and as_null(body.rows[position][merged.first_column]):
                body.rows[position][merged.first_column] = value
                body.fills.append(Fill(position, columns[merged.first_column]))


def _fill_down(layout: Layout, body: Body) -> None:
    """Carry region names down over blanks; a total row or a new higher region ends that."""
    regions = sorted(
        (place for place in layout.places.values() if is_region(place.column)),
        key=lambda place: ("county", "text", "village").index(place.column.kind),
    )
    ends = {total.position for total in body.totals}
    last: dict[str, object] = {}
    for position, row in enumerate(body.rows):
        if position in ends:
            last = {}
        if position in body.stray:
            continue
        is_new = False
        for place in regions:
            name, cell = place.column.name, row[place.index]
            if cell is None or cell == "" or (isinstance(cell, str) and not cell.strip()):
                if is_new:
                    last.pop(name, None)
                elif name in last:
                    row[place.index] = last[name]
                    body.fills.append(Fill(position, name))
            else:
                is_new = is_new or last.get(name, cell) != cell
                last[name] = cell
