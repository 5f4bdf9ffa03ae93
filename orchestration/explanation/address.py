"""The address of a published figure: ``mart.column?key=value&key=value``.

A quarter is written as people write it (2024Q3); its first day (2024-07-01) is read as well.
"""

from dataclasses import dataclass
from datetime import date
from urllib.parse import quote, unquote

from orchestration.calendar import Quarter

_FORM = "表.列?键=值&键=值"
_EXAMPLE = (
    "fct_income_components.per_capita_verified"
    "?county_code=640522&quarter=2024Q3&component=net_income"
)
_READABLE = "".join(chr(code) for code in range(33, 127) if chr(code) not in "%&=?#+'\"") + " "


class ExplanationError(Exception):
    """A figure that cannot be explained; the message is for the person who asked."""


@dataclass(frozen=True)
class Figure:
    """One column of one row of a mart; ``key`` holds what singles the row out, as it was given."""

    mart: str
    column: str
    key: dict[str, str]

    @classmethod
    def parse(cls, address: str) -> "Figure":
        """Read an address.

        Raises:
            ExplanationError: it has not the form of one.
        """
        place, _, condition = address.strip().partition("?")
        mart, dot, column = place.partition(".")
        if not (mart and dot and column):
            raise ExplanationError(f"看不懂数字的地址：{address}\n写法：{_FORM}，例如 {_EXAMPLE}")
        key = {}
        for part in filter(None, condition.split("&")):
            name, equals, value = part.partition("=")
            if not equals:
                raise ExplanationError(f"看不懂“{part}”：每个键要写成 键=值，例如 quarter=2024Q3")
            key[unquote(name).strip()] = unquote(value).strip()
        return cls(mart, column, key)

    def __str__(self) -> str:
        return figure_address(self.mart, self.column, **self.key)


def figure_address(mart: str, column: str, **key: object) -> str:
    """Return the address of a figure; keys that are None are left out."""
    parts = [
        f"{name}={_value(name, value)}" for name, value in sorted(key.items()) if value is not None
    ]
    return f"{mart}.{column}?{'&'.join(parts)}" if parts else f"{mart}.{column}"


def _value(name: str, value: object) -> str:
    if isinstance(value, date) and name.endswith("quarter"):
        value = Quarter(value)
    text = value.isoformat() if isinstance(value, date) else str(value)
    return "".join(
        character if character in _READABLE or ord(character) > 127 else quote(character, safe="")
        for character in text
    )
