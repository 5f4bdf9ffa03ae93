"""One pure function per kind of column: a stored cell → its value, and the rule that it fell under.

A rule is a fault (the value is refused) or a repair (the value was mended), see ``rules.py``; None
means that the cell was in order. Nothing here knows rows, sheets or files.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import lru_cache
from typing import Any, NamedTuple

from orchestration.ingestion import identity_numbers
from orchestration.ingestion.units import factor as unit_factor

_NULL_WORDS = frozenset(
    [
        *["-", "--", "---", "—", "——", "–", "―", "─", "/", "//", "\\", "、", ".", "。"],
        *["无", "暂无", "没有", "空", "未知", "不详", "不明", "(空)", "(无)", "(空白)"],
        *["n/a", "na", "#n/a", "null", "(null)", "none", "nan", "nil"],
    ]
)
_ERROR_VALUES = re.compile(
    r"#(?:ref!|div/0!|value!|name\?|null!|num!|n/a|spill!|calc!|error)", re.I
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_FIRST_UNSAFE_INTEGER = 1e15
"""Spreadsheets keep 15 digits: what is longer and typed as a number is already damaged."""

_NUMBER = re.compile(
    r"(?P<sign>[-+]?)(?P<digits>\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?|\d+(?:\.\d*)?|\.\d+)"
    r"(?P<percent>%)?(?P<scale>[十百千万亿]?)(?P<unit>[^\d\s.,%]{0,4})"
)
_SCALES = {"": 1, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
_INTERVAL = re.compile(r"\d\S*\s*[-~—–至到]+\s*\d")
_APPROXIMATE = re.compile(r"约|大概|左右|以上|以下|余|多|近|不足|超过|[<>≈≥≤±]")
_ZERO = Decimal(0)
_NOISE = Decimal("0.000001")

_DATE = re.compile(
    r"(?P<year>\d{4}|\d{2})(?:[-/.]|年)(?P<month>\d{1,2})(?:(?:[-/.]|月)(?P<day>\d{1,2})日?|月份?)?"
    r"(?:T? ?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.\d+)?)?)?"
)
_DIGITS_DATE = re.compile(r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})?")
_DATE_INTERVAL = re.compile(r"\d{4}.*[-~—–至到]+\d{4}")
_PLAIN_DATE = re.compile(
    # Digits alone, dashes or slashes: what systems and spreadsheets write, nothing is mended.
    r"[0-9]{6}(?:[0-9]{2})?|[0-9]{4}([-/])[0-9]{1,2}(?:\1[0-9]{1,2})?"
    r"(?:[ T][0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)?"
)
_EXCEL_EPOCH = datetime(1899, 12, 30)
_SERIAL_DATES = range(10_000, 73_051)
"""1927-05-18 to 2100-01-01; smaller numbers are years or counts, larger ones YYYYMM."""

_YES = frozenset(["是", "√", "✓", "✔", "☑", "y", "yes", "t", "true", "1", "有", "对"])
_NO = frozenset(["否", "×", "✗", "✘", "☐", "x", "n", "no", "f", "false", "0", "无", "没有", "非"])


_REMEMBERED = 2**17
"""Distinct cells of a kind that a process remembers: persons, households and words come back in
every dataset and quarter."""


class Reading(NamedTuple):
    """What a cell says, and the rule that it fell under (None: it was in order)."""

    value: Any
    rule: str | None = None


NULL = Reading(None)


def tidy(raw: str) -> str:
    """Take wrappers, invisible signs and surplus white space off a text."""
    if raw.isascii() and raw.isalnum():
        return raw
    text = _CONTROL.sub("", _INVISIBLE.sub("", identity_numbers.unwrap(raw)))
    return _SPACES.sub(" ", text).strip()


def as_null(raw: object) -> Reading | None:
    """Return the reading of a cell that says "nothing here", None if it says something.

    A blank says so silently; a dash or a word for nothing is counted. An error value of a formula
    is no blank: a figure was meant to be there.
    """
    if raw is None or raw == "":
        return NULL
    if isinstance(raw, float):
        return NULL if raw != raw else None
    if not isinstance(raw, str):
        return None
    if raw.isascii() and raw.isalnum():
        return Reading(None, "null.spelling") if raw.lower() in _NULL_WORDS else None
    text = unicodedata.normalize("NFKC", tidy(raw)).strip().lower()
    if not text:
        return NULL
    if text in _NULL_WORDS:
        return Reading(None, "null.spelling")
    if _ERROR_VALUES.fullmatch(text):
        return Reading(None, "formula.error")
    if text.startswith("=") and len(text) > 1:
        return Reading(None, "formula.uncalculated")
    return None


def exact_number(raw: object, unit: str | None, factor: Decimal = Decimal(1)) -> Reading:
    """Return a cell's number in the contract's unit, not yet rounded.

    Args:
        raw: the cell.
        unit: the contract's unit; a unit within the cell is converted into it.
        factor: by what a bare figure is multiplied (the unit of the header or the sheet).
    """
    if (null := as_null(raw)) is not None:
        return null
    if isinstance(raw, bool):
        return Reading(None, "number.invalid")
    if isinstance(raw, int | float | Decimal):
        number = raw if isinstance(raw, Decimal) else Decimal(repr(raw))
        return Reading(number * factor) if number.is_finite() else Reading(None, "number.invalid")
    if not isinstance(raw, str):
        return Reading(None, "number.invalid")
    return _number_in(raw, unit, factor)


def _number_in(raw: str, unit: str | None, factor: Decimal) -> Reading:
    text = unicodedata.normalize("NFKC", tidy(raw)).replace("−", "-").strip()
    is_negative = bool(re.fullmatch(r"\([^()]+\)", text))
    if is_negative:
        text = text[1:-1].strip()
    text = text.removeprefix("¥")
    match = _NUMBER.fullmatch(text)
    if (
        match is None
        or (is_negative and match["sign"])
        or match["scale"] == "十"
        or _APPROXIMATE.search(match["unit"])
    ):
        return Reading(None, _why_no_number(text))
    number = Decimal(re.sub("[, ]", "", match["digits"]))
    if is_negative or match["sign"] == "-":
        number = -number
    rule = None if re.fullmatch(r"-?[0-9]+(?:\.[0-9]+)?", raw.strip()) else "number.spelling"
    if match["percent"]:
        # Only a figure without unit can be a share.
        if unit is not None or match["scale"] or match["unit"]:
            return Reading(None, "number.percent")
        return Reading(number / 100, "number.percent_converted")
    if match["scale"] or match["unit"]:
        rule = "number.wan" if match["scale"] else "number.spelling"
        factor = Decimal(_SCALES[match["scale"]])
        if match["unit"]:
            found = unit_factor(match["unit"], unit) if unit else None
            if found is None:
                return Reading(None, "number.unit" if unit else "number.invalid")
            factor *= found
    return Reading(number * factor, rule)


def _why_no_number(text: str) -> str:
    if _APPROXIMATE.search(text) and re.search(r"\d", text):
        return "number.approximate"
    if re.fullmatch(r"[-+]?\d+(?:\.\d+)?E[-+]?\d+", text, re.I):
        return "number.scientific"
    return "number.interval" if _INTERVAL.search(text) else "number.invalid"


def read_decimal(
    raw: object,
    unit: str | None,
    factor: Decimal = Decimal(1),
    scale: int = 2,
    precision: int = 18,
) -> Reading:
    """Read a decimal exactly; surplus decimals are rounded half up, counted unless mere noise."""
    if factor == 1 and (plain := _plain_decimal(raw, scale, precision - scale)) is not None:
        return Reading(plain)
    value, rule = exact_number(raw, unit, factor)
    if value is None:
        return Reading(None, rule)
    if abs(value) >= Decimal(10) ** (precision - scale):
        return Reading(None, "number.too_large")
    try:
        rounded = value.quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP)
    except InvalidOperation:
        return Reading(None, "number.too_large")
    if rounded == 0:
        rounded = abs(rounded)
    if rule is None and abs(rounded - value) >= _NOISE:
        rule = "number.rounded"
    return Reading(rounded, rule)


def _plain_decimal(raw: object, scale: int, digits: int) -> Decimal | None:
    """Return what most cells are, a figure with no more decimals than it may have, without ado."""
    if type(raw) is float:
        text = repr(raw)
    elif type(raw) is str and raw.isascii():
        text = raw
    else:
        return None
    whole, point, decimals = text.partition(".")
    if (
        len(whole) > digits
        or len(decimals) > scale
        or not whole.removeprefix("-").isdigit()
        or not (decimals.isdigit() if point else True)
    ):
        return None
    return Decimal(text) or _ZERO


def read_integer(raw: object, unit: str | None, factor: Decimal = Decimal(1)) -> Reading:
    """Read a whole number; a fraction is refused, never rounded."""
    value, rule = exact_number(raw, unit, factor)
    if value is None:
        return Reading(None, rule)
    if abs(value) > 2_147_483_647:
        return Reading(None, "number.too_large")
    whole = value.to_integral_value(ROUND_HALF_UP)
    if abs(whole - value) >= _NOISE:
        return Reading(None, "number.fraction")
    return Reading(int(whole), rule)


def read_timestamp(raw: object) -> Reading:
    """Read a moment; a date alone is its midnight."""
    value, rule, has_day = _moment(raw)
    if value is not None and not has_day:
        return Reading(None, "date.no_day")
    return Reading(value, rule)


def read_date(raw: object) -> Reading:
    """Read a day; a month alone is refused."""
    value, rule = read_timestamp(raw)
    return Reading(value.date() if value is not None else None, rule)


def read_month(raw: object) -> Reading:
    """Read a month as its first day; a whole date counts for its month."""
    value, rule, _ = _moment(raw)
    return Reading(value.date().replace(day=1) if value is not None else None, rule)


def _moment(raw: object) -> tuple[datetime | None, str | None, bool]:
    if (null := as_null(raw)) is not None:
        return (*null, False)
    if isinstance(raw, datetime):
        return _plausible(raw.replace(microsecond=0, tzinfo=None), None)
    if isinstance(raw, date):
        return _plausible(datetime(raw.year, raw.month, raw.day), None)
    if isinstance(raw, bool | time | timedelta):
        return None, "date.invalid", False
    if isinstance(raw, int | float | Decimal):
        return _moment_of_number(float(raw))
    if not isinstance(raw, str):
        return None, "date.invalid", False
    text = unicodedata.normalize("NFKC", tidy(raw)).strip()
    rule = None if _PLAIN_DATE.fullmatch(raw) else "date.spelling"
    if re.fullmatch(r"\d{5}(?:\.\d+)?", text):
        return _moment_of_number(float(text))
    match = _DIGITS_DATE.fullmatch(text) or _DATE.fullmatch(text.replace(". ", "."))
    if match is None:
        is_interval = _DATE_INTERVAL.search(text)
        return None, "date.interval" if is_interval else "date.invalid", False
    return _moment_of_parts(match.groupdict(), rule)


def _moment_of_number(number: float) -> tuple[datetime | None, str | None, bool]:
    if not math.isfinite(number):
        return None, "date.invalid", False
    if number == int(number) and (match := _DIGITS_DATE.fullmatch(str(int(number)))):
        return _moment_of_parts(match.groupdict(), None)
    if int(number) in _SERIAL_DATES:
        moment = _EXCEL_EPOCH + timedelta(days=int(number), seconds=round(number % 1 * 86400))
        return _plausible(moment, "date.serial")
    year, _, decimals = repr(number).partition(".")
    if re.fullmatch(r"(?:19|20)\d\d", year) and decimals != "0":
        # As a number, 2023.1 is what remains of 2023.10 as well as of 2023.1.
        if decimals == "1":
            return None, "date.ambiguous", False
        return _moment_of_parts({"year": year, "month": decimals}, "date.spelling")
    return None, "date.invalid", False


def _moment_of_parts(
    parts: Mapping[str, str | None], rule: str | None
) -> tuple[datetime | None, str | None, bool]:
    year = parts["year"] or ""
    if len(year) == 2:
        # "23/4/1" is a year first, as dates are written here; "05/04/03" may be anything.
        if not (20 <= int(year) <= 39 and parts.get("day")):
            return None, "date.ambiguous", False
        year, rule = f"20{year}", "date.spelling"
    hour, minute, second = (int(parts.get(name) or 0) for name in ("hour", "minute", "second"))
    try:
        day = int(parts.get("day") or 1)
        moment = datetime(int(year), int(parts["month"] or 0), day, hour, minute, second)
    except ValueError:
        return None, "date.invalid", False
    value, rule, _ = _plausible(moment, rule)
    return value, rule, parts.get("day") is not None


def _plausible(moment: datetime, rule: str | None) -> tuple[datetime | None, str | None, bool]:
    # A date in early 1900 is what Excel makes of the numbers 0 and 1.
    if moment.date() <= date(1900, 1, 1) or moment.year > 2100:
        return None, "date.invalid", False
    return moment, rule, True


def read_boolean(raw: object) -> Reading:
    """Read yes or no in its usual spellings."""
    if isinstance(raw, bool):
        return Reading(raw)
    if isinstance(raw, int | float) and raw in (0, 1):
        return Reading(raw == 1, "boolean.spelling")
    if isinstance(raw, str):
        text = unicodedata.normalize("NFKC", tidy(raw)).strip().lower().removesuffix(".0")
        if text in _YES:
            return Reading(True, None if text == "是" else "boolean.spelling")
        if text in _NO:
            return Reading(False, None if text == "否" else "boolean.spelling")
    null = as_null(raw)
    return Reading(None, "boolean.invalid") if null is None else null


def label_key(text: str) -> str:
    """Bring a label of a code list to the form in which labels are compared."""
    return re.sub(r"[\s“”\"'‘’]+", "", unicodedata.normalize("NFKC", text)).lower()


def read_code(raw: object, codes: Mapping[str, str]) -> Reading:
    """Read a label of a code list; ``codes`` is keyed by ``label_key``, codes themselves too."""
    text = read_text(raw).value
    if text is not None and (code := codes.get(label_key(text))):
        return Reading(code)
    null = as_null(raw)
    return Reading(None, "code.unknown") if null is None else null


@lru_cache(_REMEMBERED, typed=True)
def read_text(raw: object) -> Reading:
    """Read a text; whole numbers lose the ".0" that a spreadsheet gave them."""
    if isinstance(raw, str):
        null = as_null(raw)
        # A text that begins with "=" stays what it is: outputs escape it, nothing evaluates it.
        if null is not None and null.rule != "formula.uncalculated":
            return null
        text = tidy(raw)
        masked = identity_numbers.mask_valid_numbers(text)
        return Reading(masked, None if masked == text else "text.masked")
    return _text_of_number(raw)


def read_key_text(raw: object) -> Reading:
    """Read a number of a record (voucher, loan): half-width, upper case, nothing masked."""
    if isinstance(raw, str):
        null = as_null(raw)
        return Reading(identity_numbers.squeeze(tidy(raw))) if null is None else null
    return _text_of_number(raw)


def _text_of_number(raw: object) -> Reading:
    if (null := as_null(raw)) is not None:
        return null
    if isinstance(raw, bool):
        return Reading("是" if raw else "否")
    if isinstance(raw, int | float):
        if abs(raw) >= _FIRST_UNSAFE_INTEGER:
            return Reading(None, "text.number_typed")
        return Reading(str(int(raw)) if raw == int(raw) else repr(raw))
    if isinstance(raw, datetime) and raw.time() == time():
        return Reading(raw.date().isoformat())
    return Reading(str(raw))


@lru_cache(_REMEMBERED, typed=True)
def read_person(raw: object) -> Reading:
    """Read an identity number as 18 characters; the caller hashes it at once."""
    if not isinstance(raw, str):
        null = as_null(raw)
        return Reading(None, "id.number_typed") if null is None else null
    number = raw
    rule = None
    if not (len(raw) == 18 and raw.isascii() and raw.isalnum() and not raw.endswith("x")):
        if (null := as_null(raw)) is not None:
            return null
        number = identity_numbers.squeeze(identity_numbers.unwrap(raw)).replace("-", "")
        rule = None if number == raw else "id.spelling"
    if identity_numbers.is_valid(number):
        return Reading(number, rule)
    return _read_odd_person(number)


def _read_odd_person(number: str) -> Reading:
    if re.search(r"[*?•●xX]{3,}", number):
        return Reading(None, "id.masked")
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", number):
        return Reading(None, "id.number_typed")
    if re.fullmatch(r"\d{15}", number):
        longer = identity_numbers.from_15(number)
        return Reading(longer, "id.from_15") if longer else Reading(None, "id.birthday")
    if re.fullmatch(r"\d{17}[\dX]\d[0-9A-Z](?:[0-9A-Z]{2})?", number):
        first_18 = number[:18]
        if identity_numbers.is_valid(first_18):
            return Reading(first_18, "id.disability_card")
        return Reading(None, "id.check_digit")
    if not re.fullmatch(r"\d{17}[\dX]", number):
        return Reading(None, "id.length")
    if number.endswith("000"):
        return Reading(None, "id.truncated")
    if number[17] == identity_numbers.check_digit(number[:17]):
        return Reading(None, "id.birthday")
    return Reading(None, "id.check_digit")


@lru_cache(_REMEMBERED, typed=True)
def read_household(raw: object) -> Reading:
    """Read a household number in its normal form; the caller hashes it at once."""
    if not isinstance(raw, str):
        value, rule = _text_of_number(raw)
        return Reading(value, rule or ("household.number_typed" if value else None))
    if (null := as_null(raw)) is not None:
        return null
    number = identity_numbers.squeeze(identity_numbers.unwrap(raw))
    if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", number):
        return Reading(None, "text.number_typed")
    if not re.fullmatch(r"[0-9A-Z\u4e00-\u9fff][-0-9A-Z_/()\u4e00-\u9fff]{0,39}", number):
        return Reading(None, "household.invalid")
    return Reading(number, None if number == raw else "household.spelling")
