"""Small cells: what so few households make up that it would speak of one of them.

A figure of fewer than five households is not shown, nor is any other from which it could be found
by subtraction: with a total beside them, the cells that are hidden must together be at least two
and hold at least five households (the usual primary and secondary suppression of official tables).
"""

import re
from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import TypeVar

MINIMUM_HOUSEHOLDS = 5

Cell = TypeVar("Cell", bound=Hashable)

_SMALL_COUNT = re.compile(r"(?<![\d.,])[1-4](?=(户|人))")


class Hidden:
    """Stands where a figure may not be shown."""

    def __repr__(self) -> str:
        return "※"


HIDDEN = Hidden()


def hidden_cells(counts: Mapping[Cell, int | Decimal | None]) -> set[Cell]:
    """Return the cells of one total that may not be shown, by the households (or persons) in each.

    A cell of nobody, or of which nothing is known, gives nobody away.
    """
    held = {cell: count for cell, count in counts.items() if count}
    hidden = {cell for cell, count in held.items() if count < MINIMUM_HOUSEHOLDS}
    others = sorted(
        (cell for cell in held if cell not in hidden), key=lambda cell: (held[cell], str(cell))
    )
    while hidden and others and not _is_safe([held[cell] for cell in hidden]):
        hidden.add(others.pop(0))
    return hidden


def _is_safe(counts: list[int | Decimal]) -> bool:
    return len(counts) > 1 and sum(counts) >= MINIMUM_HOUSEHOLDS


def hide_small_counts(text: str) -> str:
    """Return a sentence whose counts of one to four households or persons are blurred."""
    return _SMALL_COUNT.sub(f"不足{MINIMUM_HOUSEHOLDS}", text)
