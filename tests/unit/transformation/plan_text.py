"""The plan's text, its numbers and the seed rows that encode them, for the tests of the plan.

A claim is a seed row's word for word quote with the value the row encodes; a number of the text is
encoded when a claim of its value quotes the place where it stands.
"""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from orchestration.publication.words import seed_rows
from orchestration.settings import PROJECT_ROOT

SEEDS = PROJECT_ROOT / "seeds"
PLAN = (SEEDS / "work_plan_2024_2025.txt").read_text("utf-8")

SEEDS_OF_THE_PLAN = (
    "assistance_actions",
    "code_lists",
    "goals",
    "income_groups",
    "indicator_targets",
    "indicators",
    "measures",
    "plan_duties",
    "plan_thresholds",
)
NAMES_WITH_DIGITS = {
    "工作方案（2024—2025年）": "the title of the plan",
    "“832平台”": "the name of a platform",
    "“1311”就业服务行动": "the name of a service; its digits are the list services_1311",
}
_UNITS = {
    "": Decimal(1),
    "万": Decimal(10_000),
    "亿": Decimal(10) ** 8,
    "%": Decimal("0.01"),
    "％": Decimal("0.01"),
    "个百分点": Decimal("0.01"),
}
_NUMBER = re.compile(r"(\d+(?:\.\d+)?)(?:—(\d+(?:\.\d+)?))?(个百分点|[万亿%％]?)")


class Number(NamedTuple):
    """A number of the text: where it starts, and its value (1.2亿 is 120000000, 20% is 0.2)."""

    start: int
    value: Decimal


class Claim(NamedTuple):
    """A value that a seed row encodes, with the words of the plan that the row quotes."""

    quote: str
    value: Decimal


rows = cache(seed_rows)


def numbers(text: str) -> list[Number]:
    """Return all numbers in digits; both ends of a range such as 2—3, each with its unit."""
    found = []
    for match in _NUMBER.finditer(text):
        unit = _UNITS[match[3]]
        found.append(Number(match.start(1), Decimal(match[1]) * unit))
        if match[2]:
            found.append(Number(match.start(2), Decimal(match[2]) * unit))
    return found


def places(quote: str, text: str) -> Iterator[range]:
    """Yield where in the text the quote stands."""
    for match in re.finditer(re.escape(quote), text):
        yield range(match.start(), match.end())


def claims() -> set[Claim]:
    """Return what the seeds encode: targets, thresholds, goals, years, numbering and list sizes."""
    encoded = [(row["plan_quote"], row["measure_no"]) for row in rows("measures")]
    encoded += [(row["plan_quote"], row["per_capita_below"]) for row in rows("income_groups")]
    for seed, value, year in (
        ("indicator_targets", "target", "calendar_year"),
        ("plan_thresholds", "value", "year"),
        ("goals", "target", "income_year"),
    ):
        for row in rows(seed):
            encoded += [(row["plan_quote"], row[value]), (row["plan_quote"], row[year])]
    actions = rows("assistance_actions")
    encoded += [(row["plan_quote"], str(len(actions))) for row in actions]
    return {Claim(quote, Decimal(value)) for quote, value in encoded if value}


def unencoded(plan: str, encoded: Iterable[Claim]) -> list[str]:
    """Return the numbers of the text that no claim encodes, each with its surroundings."""
    settled: set[int] = set()
    for name in NAMES_WITH_DIGITS:
        settled.update(place for span in places(name, plan) for place in span)
    found = numbers(plan)
    for claim in encoded:
        for span in places(claim.quote, plan):
            settled.update(n.start for n in found if n.start in span and n.value == claim.value)
    return [plan[max(n.start - 12, 0) : n.start + 12] for n in found if n.start not in settled]
