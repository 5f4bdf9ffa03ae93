"""How each sender writes its files: format, headings, spellings, units. Not what is in them."""

from dataclasses import dataclass
from typing import Literal

Container = Literal["xlsx", "csv", "html"]


@dataclass(frozen=True)
class Habit:
    """One sender's way of writing one dataset; the defaults are the plainest file there is."""

    container: Container = "xlsx"
    encoding: str = "utf-8-sig"
    name_style: int = 0
    has_title: bool = False
    has_total: bool = False
    has_subtotals: bool = False
    is_village_merged: bool = False
    has_groups: bool = False
    has_notes: bool = False
    has_serial: bool = False
    is_in_wan: bool = False
    null: str | None = None
    booleans: tuple[str, str] = ("是", "否")
    date_style: str = "date"
    alias: int = 0
    label: int = 0
    order: int = 0
    has_trailing_spaces: bool = False
    has_full_width: bool = False
    is_guarded: bool = False
    has_hidden_sheet: bool = False
    is_split_by_county: bool = False


PLAIN = Habit()
