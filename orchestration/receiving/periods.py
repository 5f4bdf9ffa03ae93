"""Quarters as people write them in file names and above tables.

Sending dates ("2024年10月8日", "20241008") and single months name no quarter and are passed over.
"""

import re
import unicodedata
from dataclasses import dataclass

from orchestration.calendar import Quarter

_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4}

_YEAR = r"(?<!\d)(20\d\d|\d\d(?=年))[年\-_/.]*度?_?"
_NUMBER = r"([1-4一二三四])"
_MONTH = r"(1[0-2]|0?[1-9])"
_TO = r"[-~—–―─至到]+"

_MONTHS = re.compile(
    rf"{_YEAR}{_MONTH}月?份?{_TO}(?:(20\d\d)[年\-_/.]?{_MONTH}(?!\d)月?|{_MONTH}月)"
)
_FROM_JANUARY = re.compile(rf"{_YEAR}(?:前|[1一]{_TO}){_NUMBER}个?季度?")
_HALF_YEAR = re.compile(rf"{_YEAR}()上半年")
_QUARTER = re.compile(rf"{_YEAR}(?:第?{_NUMBER}季度?|Q{_NUMBER}(?!\d))", re.I)
_NUMBER_ALONE = re.compile(rf"第?{_NUMBER}季度")


@dataclass(frozen=True)
class Period:
    """What a text says about the time covered; cumulative = more than that one quarter."""

    quarter: Quarter
    is_cumulative: bool = False


def squeeze(text: str) -> str:
    """Bring a text to one form: half-width, no spaces, without "附件2" at its front."""
    text = unicodedata.normalize("NFKC", text)
    text = re.sub(r"附(?:件|表)\s*[\d一二三四五六七八九十]*\s*[-:.、_]?\s*", "", text)
    text = re.sub(r"(?<=\d)\s+(?=\d)", "_", text)
    return re.sub(r"\s+", "", text)


def periods_in(text: str) -> set[Period]:
    """Return every period that a squeezed text names.

    Raises:
        ValueError: months are named that make up no quarter and no running total of quarters.
    """
    periods = set()
    for match in _MONTHS.finditer(text):
        year, first_month, last_year, *last_month = match.groups()
        last = next(int(month) for month in last_month if month)
        periods.add(
            _months(_year(year), int(first_month), _year(last_year or year), last, match[0])
        )
    text = _MONTHS.sub("\n", text)
    for pattern, is_from_january in ((_FROM_JANUARY, True), (_HALF_YEAR, True), (_QUARTER, False)):
        for match in pattern.finditer(text):
            year, *numbers = match.groups()
            number = next((_number(found) for found in numbers if found), 2)
            quarter = Quarter.of(_year(year), number)
            periods.add(Period(quarter, is_cumulative=is_from_january and number > 1))
        text = pattern.sub("\n", text)
    return periods


def quarter_numbers_in(text: str) -> set[int]:
    """Return the numbers of all quarters that a squeezed text names, with or without a year."""
    return {_number(found) for found in _NUMBER_ALONE.findall(text)}


def _months(year: int, first: int, last_year: int, last: int, text: str) -> Period:
    quarter = Quarter.of(last_year, (last + 2) // 3)
    begin = (year, first)
    if last % 3 == 0:
        if begin == (last_year, last - 2):
            return Period(quarter)
        income_year = quarter.income_year_start
        if begin in ((last_year, 1), (income_year.year, income_year.month)):
            return Period(quarter, is_cumulative=True)
    raise ValueError(text)


def _year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def _number(text: str) -> int:
    return _DIGITS.get(text) or int(text)
