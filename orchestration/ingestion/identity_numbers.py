"""Identity numbers: which are valid, what they are reduced to, and how they are hidden in messages.

The check digit follows GB 11643. A number is corrected only where the rule leaves one answer
(15 digits to 18, the number inside a disability card); everything else is refused.
"""

import re
import unicodedata
from datetime import date

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS = "10X98765432"
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2028\u2029\u202a-\u202e\u2060\ufeff\u00ad]+")
_WRAPPER = re.compile(r'^=\s*"(.*)"$', re.DOTALL)
_LONG_NUMBER = re.compile(r"\d(?:[ \t\u00a0-]?\d){13,}(?:[ \t\u00a0-]?[\dXx])?")
_EMBEDDED = re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)")


def unwrap(text: str) -> str:
    """Take off what spreadsheets put around a text to keep it one: ``="…"`` and a leading ``'``."""
    text = text.strip()
    if match := _WRAPPER.match(text):
        text = match[1].replace('""', '"')
    return text.removeprefix("'").removeprefix("’").strip()


def squeeze(text: str) -> str:
    """Bring a number to one form: half-width, upper case, without spaces and invisible signs."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def check_digit(first_17: str) -> str:
    """Return the 18th character that belongs to the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True))
    return _CHECK_DIGITS[total % 11]


def is_valid(number: str) -> bool:
    """Whether an 18-character number is well formed: birthday exists, check digit fits."""
    if len(number) != 18 or not (number[:17].isascii() and number[:17].isdecimal()):
        return False
    return _is_day(number[6:14]) and check_digit(number[:17]) == number[17]


def from_15(number: str) -> str | None:
    """Return the 18-character form of a 15-digit number; None if its birthday does not exist.

    Fifteen-digit numbers were issued to people born in the 1900s only.
    """
    first_17 = f"{number[:6]}19{number[6:]}"
    return first_17 + check_digit(first_17) if _is_day(first_17[6:14]) else None


def mask(number: str) -> str:
    """Hide a number wholly but for its first three and last two or three characters."""
    number = squeeze(number)
    if len(number) < 8:
        return "*" * len(number)
    tail = 3 if number.endswith("X") else 2
    return number[:3] + "*" * (len(number) - 3 - tail) + number[-tail:]


def mask_long_numbers(text: str) -> str:
    """Hide everything in a message that is shaped like an identity number (15 digits and more)."""
    if not any(character.isdigit() for character in text):
        return text
    half_width = unicodedata.normalize("NFKC", text)
    masked, count = _LONG_NUMBER.subn(lambda match: mask(match[0]), half_width)
    return masked if count else text


def mask_valid_numbers(text: str) -> str:
    """Hide the valid identity numbers in a free text; other long numbers stay what they are."""
    return _EMBEDDED.sub(
        lambda match: mask(match[0]) if is_valid(match[0].upper()) else match[0], text
    )


def mask_name(name: str) -> str:
    """Keep the first character of a person's name."""
    name = name.strip()
    return name[:1] + "*" * min(len(name) - 1, 3) if name else ""


def _is_day(digits: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}").year <= 2100
    except ValueError:
        return False
