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
_BETWEEN = r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff\u00ad-]"
"""What people and systems put between the digits of a number; a line break is one of them."""
_LONG_NUMBER = re.compile(rf"\d(?:{_BETWEEN}?\d){{13,}}{_BETWEEN}?[\dXxＸｘ]")
_HAN = r"[\u3007\u3400-\u9fff·\U00020000-\U0003ffff]"
_NUMBER_WITH_NAME = re.compile(
    # Two to four characters that stand alone are a name; a longer run is what the file is about.
    rf"(?:(?<!{_HAN})({_HAN}{{2,4}})([\s_()（）-]*))?({_LONG_NUMBER.pattern})"
    rf"(?:([\s_()（）-]*)({_HAN}{{2,4}})(?!{_HAN}))?"
)
_UNBROKEN = re.compile(r"(?<!\d)\d{14,21}[\dXxＸｘ]\d{0,4}(?!\d)")
_BROKEN = re.compile(
    rf"(?<!\d)\d(?:{_BETWEEN}*\d){{13,20}}{_BETWEEN}*[\dXxＸｘ](?:{_BETWEEN}*\d){{0,4}}(?!\d)"
)


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
    return _LONG_NUMBER.sub(lambda match: mask(match[0]), text)


def mask_title(text: str) -> str:
    """Hide numbers in the name of a file or sheet, and the person's name that stands beside one."""

    def hidden(match: re.Match[str]) -> str:
        before, gap, number, gap_after, after = (part or "" for part in match.groups())
        return mask_name(before) + gap + mask(number) + gap_after + mask_name(after)

    return _NUMBER_WITH_NAME.sub(hidden, text)


def mask_valid_numbers(text: str) -> str:
    """Hide the valid identity numbers in a free text; other long numbers stay what they are."""

    def hidden(match: re.Match[str]) -> str:
        return mask(match[0]) if _holds_person(squeeze(match[0]).replace("-", "")) else match[0]

    return _BROKEN.sub(hidden, _UNBROKEN.sub(hidden, text))


def _holds_person(number: str) -> bool:
    """Whether a number is a valid one in any of its forms: 18 or 15 digits, a disability card."""
    if len(number) == 15:
        return number.isdecimal() and number[0] in "1234569" and from_15(number) is not None
    return len(number) in (18, 20, 22) and is_valid(number[:18])


def mask_name(name: str) -> str:
    """Keep the first character of a person's name."""
    name = name.strip()
    return name[:1] + "*" * min(len(name) - 1, 3) if name else ""


def _is_day(digits: str) -> bool:
    try:
        return 1900 <= date.fromisoformat(f"{digits[:4]}-{digits[4:6]}-{digits[6:]}").year <= 2100
    except ValueError:
        return False
