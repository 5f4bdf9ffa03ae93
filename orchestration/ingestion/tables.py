"""What readers hand over: cells as they are stored, and the refusal of a file that is no table."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class MergedRange:
    """A merged block of cells; all indexes count from 0 and are included."""

    first_row: int
    first_column: int
    last_row: int
    last_column: int


@dataclass(frozen=True)
class RawTable:
    """One sheet as stored: ``rows[0]`` is the sheet's first row, a cell is a plain Python value.

    Empty cells are ``""`` or ``None``. Numbers, dates and booleans keep the type the file gives
    them; text files have text only. In delimited text a stray separator shifts a row's cells.
    ``sheet`` is the name that may be shown, ``stored_name`` the one in the file if it differs.
    """

    sheet: str
    rows: Sequence[Sequence[object]]
    is_hidden: bool = False
    merged: tuple[MergedRange, ...] = ()
    is_delimited: bool = False
    stored_name: str | None = None


class UnreadableFile(ValueError):  # noqa: N818
    """The file is no table that a program may read; says why and what to do, in Chinese."""

    def __init__(self, rule: str, reason_zh: str, remedy_zh: str) -> None:
        super().__init__(reason_zh)
        self.rule = rule
        self.reason_zh = reason_zh
        self.remedy_zh = remedy_zh

    def __reduce__(self) -> tuple[type, tuple[str, str, str]]:
        return type(self), (self.rule, self.reason_zh, self.remedy_zh)
