"""How each sender writes its files: format, headings, spellings, units. Not what is in them.

A habit belongs to a sender and a dataset and lasts over the years. A few counties have a trait that
is theirs alone in the region (万元, web pages called .xls …), so that every trait occurs at every
scale; the rest is drawn.
"""

from dataclasses import dataclass, replace
from typing import Literal

from orchestration.contracts import Contract
from orchestration.simulation.randomness import stream

Container = Literal["xlsx", "csv", "html"]
Numbers = Literal["plain", "comma", "full_width"]

LONG = 60_000
"""Rows from which a table is exported as plain text without any decoration."""

_COUNTIES = 22


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
    has_hidden_sheet: bool = False
    is_split_by_county: bool = False
    is_in_wan: bool = False
    is_guarded: bool = False
    null: str | None = None
    booleans: tuple[str, str] = ("是", "否")
    dates: str = "%Y-%m-%d"
    months: str = "%Y%m"
    has_date_cells: bool = False
    numbers: Numbers = "plain"
    label: int = 0
    order: int = 0
    place_style: int = 0
    has_trailing_spaces: bool = False


def habit_of(seed: int, contract: Contract, sender: str, county: int | None, rows: int) -> Habit:
    """Return how a sender writes a dataset.

    Args:
        seed: of the simulation.
        contract: the dataset.
        sender: id of the sender.
        county: index of the county, None if a department sends.
        rows: length of the table.
    """
    drawn = _drawn(seed, contract, sender)
    if county is not None:
        drawn = _with_trait(seed, contract, drawn, county)
    if contract.dataset == "person_roster" and drawn.container == "xlsx":
        # The longest table of a county is exported as text by most.
        is_text = stream(seed, "habit", sender, "export").random() < 0.7
        drawn = replace(drawn, container="csv" if is_text else "xlsx")
    if rows >= LONG:
        encoding = drawn.encoding if drawn.container == "csv" else "utf-8-sig"
        return Habit(container="csv", encoding=encoding, name_style=drawn.name_style)
    if drawn.container != "xlsx":
        drawn = replace(
            drawn, is_village_merged=False, has_hidden_sheet=False, is_split_by_county=False
        )
    return drawn


def _drawn(seed: int, contract: Contract, sender: str) -> Habit:
    # What a person at a desk always does is drawn per sender, the look of a form per dataset.
    desk = stream(seed, "habit", sender)
    form = stream(seed, "habit", sender, contract.dataset)
    by_county = contract.is_sent_by_counties
    has_village = any(column.kind == "village" for column in contract.columns)
    is_regional = not by_county and any(column.kind == "county" for column in contract.columns)
    has_title = bool(form.random() < 0.75)
    return Habit(
        container="xlsx" if desk.random() < 0.8 else "csv",
        encoding="gb18030" if desk.random() < 0.5 else "utf-8-sig",
        name_style=int(desk.integers(0, 6)),
        null=str(desk.choice(["", "无", "—", "/", "暂无", "-"])),
        booleans=[("是", "否"), ("√", "×"), ("1", "0"), ("Y", "N")][
            int(desk.choice(4, p=[0.6, 0.2, 0.12, 0.08]))
        ],
        dates=str(desk.choice(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"])),
        months=str(desk.choice(["%Y%m", "%Y-%m", "%Y年%m月", "%Y.%m"])),
        has_date_cells=bool(desk.random() < 0.5),
        place_style=int(desk.integers(0, 3)),
        has_trailing_spaces=bool(desk.random() < 0.25),
        is_guarded=bool(desk.random() < 0.5),
        label=int(form.integers(0, 4)),
        order=int(form.integers(0, 3)),
        has_title=has_title,
        has_total=bool(form.random() < 0.6),
        has_subtotals=by_county and has_village and bool(form.random() < 0.3),
        is_village_merged=by_county and has_village and bool(form.random() < 0.3),
        has_groups=has_title and bool(form.random() < 0.5),
        has_notes=bool(form.random() < 0.45),
        has_serial=bool(form.random() < 0.5),
        has_hidden_sheet=bool(form.random() < 0.15),
        is_split_by_county=is_regional and bool(form.random() < 0.3),
    )


def _with_trait(seed: int, contract: Contract, habit: Habit, county: int) -> Habit:
    """Give some counties the trait that is theirs; which ones is drawn once for the region."""
    place = int(stream(seed, "traits").permutation(_COUNTIES)[county])
    is_income = contract.dataset == "household_income_report"
    match place:
        case 0:
            return replace(habit, container="xlsx", is_in_wan=is_income, has_title=True)
        case 1 | 2:
            return replace(habit, container="html")
        case 3 | 4:
            return replace(habit, container="csv", encoding="utf-16")
        case 5 | 6 | 7:
            return replace(habit, container="csv", encoding="gb18030")
        case 8 | 9:
            return replace(habit, container="csv", encoding="utf-8-sig", is_guarded=True)
        case 10:
            return replace(habit, container="xlsx", numbers="full_width")
        case 11:
            return replace(habit, container="xlsx", numbers="comma")
        case 12 | 13:
            return replace(habit, container="xlsx", is_village_merged=True, has_subtotals=True)
        case _:
            return habit
