"""Faults and repairs in the words that clerks read, with nothing in them that names a person."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from orchestration.contracts import Column
from orchestration.contracts.model import limit_text
from orchestration.ingestion.identity_numbers import (
    mask,
    mask_long_numbers,
    mask_name,
    squeeze,
    unwrap,
)
from orchestration.ingestion.judgement import Fault, Repair
from orchestration.ingestion.rules import FAULTS, REJECTIONS, REPAIRS

_LONGEST_VALUE = 60
_MOST_EXAMPLES = 5
_MOST_OPTIONS = 12


class RejectedError(Exception):
    """The whole submission is sent back."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.rule)
        self.fault = fault


def shown(raw: object, column: Column | None = None) -> str:
    """Return a stored cell as it may be shown: short, and never an identity number or a name."""
    text = plain_text(raw)
    if column is not None and column.kind in ("person", "household"):
        return mask(unwrap(text))
    if column is not None and column.is_dropped:
        return mask_name(text)
    text = mask_long_numbers(text)
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def veiled(raw: object) -> object:
    """Return a cell with its words hidden: a name may have slipped into any column."""
    if not isinstance(raw, str) or not any(map(str.isalpha, raw)):
        return raw
    return raw[:1] + "*" * (len(raw) - 1)


def plain_text(raw: object) -> str:
    """Return a stored cell as text; an integer has no ".0", a date its ISO form."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "是" if raw else "否"
    if isinstance(raw, float) and abs(raw) < 1e21 and raw == int(raw):
        return str(int(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return raw.date().isoformat()
    if isinstance(raw, date | time):
        return raw.isoformat()
    return str(raw)


def fault(
    rule: str, sheet: str, row: int, column: Column | None, raw: object = "", **context: object
) -> Fault:
    """Return a fault of a cell or a row (``column`` None: of the whole row)."""
    entry = FAULTS[rule]
    value = shown(raw, column)
    known: dict[str, object] = {"header": "", "unit": "无单位", "value": value}
    if column is not None:
        codes = list(dict.fromkeys((column.codes or {}).values()))
        labels = {code: label for label, code in reversed((column.codes or {}).items())}
        known |= {
            "header": column.header,
            "unit": column.unit or "无单位",
            "minimum": limit_text(column.minimum),
            "maximum": limit_text(column.maximum),
            "options": "、".join(labels[code] for code in codes[:_MOST_OPTIONS]),
            "length": len(squeeze(unwrap(plain_text(raw)))),
        }
    known |= context
    return Fault(
        sheet=sheet,
        row=row,
        column_name=column.name if column else "",
        column_header=column.header if column else "",
        value=value,
        rule=rule,
        reason_zh=entry.reason.format_map(known),
        remedy_zh=entry.remedy.format_map(known),
    )


def rejection(rule: str, sheet: str = "", **context: object) -> Fault:
    """Return the reason to send a whole submission back."""
    entry = REJECTIONS[rule]
    known: Mapping[str, object] = {"sheet": sheet} | {
        name: mask_long_numbers(value) if isinstance(value, str) else value
        for name, value in context.items()
    }
    header = str(known.get("header", ""))
    reason = entry.reason.format_map(known)
    return Fault(
        sheet, 0, "", header, str(known.get("value", "")), rule, reason,
        entry.remedy.format_map(known),
    )  # fmt: skip


@dataclass
class _Entry:
    count: int = 0
    examples: list[tuple[str, int, str, str]] = field(default_factory=list)


class RepairLog:
    """Counts what was mended, by rule and column, with the first examples."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, str], _Entry] = {}

    def add(
        self,
        rule: str,
        header: str,
        places: Sequence[int],
        example: Callable[[int], tuple[str, int, str, str]],
    ) -> None:
        """Count a repair at each of the places; ``example`` shows one of them."""
        entry = self._entries.setdefault((rule, header), _Entry())
        entry.count += len(places)
        for place in places[: _MOST_EXAMPLES - len(entry.examples)]:
            entry.examples.append(example(place))

    def notice(self, rule: str, header: str, sheet: str, text: str = "") -> None:
        """Note what was left out; nothing in the data was changed, so nothing is counted."""
        entry = self._entries.setdefault((rule, header), _Entry())
        if len(entry.examples) < _MOST_EXAMPLES:
            entry.examples.append((sheet, 0, text, ""))

    def repairs(self) -> tuple[Repair, ...]:
        """Return all repairs in the order in which they were first met."""
        return tuple(
            Repair(rule, REPAIRS[rule], header, entry.count, tuple(entry.examples))
            for (rule, header), entry in self._entries.items()
        )


def shown_after(value: Any, column: Column) -> str:
    """Return a mended value as it may be shown."""
    if column.kind in ("person", "household"):
        return "（已转为密文）"
    if isinstance(value, Decimal):
        return f"{value:f}"
    return shown(value, column)
