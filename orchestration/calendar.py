"""Quarters, calendar years and income years: the only place that knows them.

A quarter (季度) is identified by its first day. The monitoring system's income year (收入年度) runs
from 1 October to 30 September and is named after the year in which it ends
(docs/explanation/calibers.md). Calendar years serve the plan's counts ("每年…").
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

FIRST_QUARTER = date(2022, 10, 1)
"""The first quarter for which departments file: 2022Q4, the start of income year 2023."""

_LABEL = re.compile(
    r"(20\d{2})\s*(?:年|[-_/.])?\s*(?:Q|第)?\s*([1-4一二三四])\s*(?:季度|季)?", re.I
)
_CHINESE_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}


@dataclass(frozen=True, order=True)
class Quarter:
    """One calendar quarter, ordered in time."""

    start: date

    def __post_init__(self) -> None:
        if self.start.day != 1 or self.start.month not in (1, 4, 7, 10):
            raise ValueError(f"{self.start} is not the first day of a quarter")

    @classmethod
    def of(cls, year: int, number: int) -> "Quarter":
        """Return quarter ``number`` (1 to 4) of a calendar year."""
        return cls(date(year, 3 * number - 2, 1))

    @classmethod
    def containing(cls, day: date) -> "Quarter":
        """Return the quarter in which ``day`` lies."""
        return cls(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1))

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Read ``2024Q3``, ``2024年第三季度``, ``2024年3季度`` or ``2024-07-01``.

        Raises:
            ValueError: the text names no single quarter.
        """
        text = unicodedata.normalize("NFKC", text).strip()
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
            return cls(date.fromisoformat(text))
        match = _LABEL.fullmatch(text)
        if match is None:
            raise ValueError(f"not a quarter: {text!r} (expected for example 2024Q3)")
        number = match.group(2)
        return cls.of(int(match.group(1)), _CHINESE_DIGITS.get(number) or int(number))

    @property
    def number(self) -> int:
        """The quarter's number in its calendar year, 1 to 4."""
        return (self.start.month + 2) // 3

    @property
    def label(self) -> str:
        """The short label used in file names and commands, for example ``2024Q3``."""
        return f"{self.start.year}Q{self.number}"

    @property
    def label_zh(self) -> str:
        """The label that clerks read, for example ``2024年第3季度``."""
        return f"{self.start.year}年第{self.number}季度"

    @property
    def key(self) -> str:
        """The partition key: the first day in ISO form."""
        return self.start.isoformat()

    @property
    def end(self) -> date:
        """The last day of the quarter."""
        return self.shift(1).start - timedelta(days=1)

    @property
    def income_year(self) -> int:
        """The income year (1 October to 30 September) that the quarter belongs to."""
        return self.start.year + (self.start.month == 10)

    @property
    def income_year_start(self) -> date:
        """The first day of that income year: year-to-date figures count from here."""
        return date(self.income_year - 1, 10, 1)

    @property
    def is_income_year_end(self) -> bool:
        """Whether the quarter closes its income year (the third calendar quarter)."""
        return self.start.month == 7

    def shift(self, quarters: int) -> "Quarter":
        """Return the quarter ``quarters`` later (earlier if negative)."""
        index = self.start.year * 4 + self.number - 1 + quarters
        return Quarter.of(index // 4, index % 4 + 1)

    def __str__(self) -> str:
        return self.label


def quarters_between(first: Quarter, last: Quarter) -> list[Quarter]:
    """Return all quarters from ``first`` to ``last``, both included; empty if reversed."""
    result = []
    while first <= last:
        result.append(first)
        first = first.shift(1)
    return result
