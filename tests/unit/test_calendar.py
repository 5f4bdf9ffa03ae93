"""Quarters, calendar years and income years."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.calendar import Quarter, quarters_between


@pytest.mark.parametrize(
    "text",
    [
        "2024Q3",
        "2024q3",
        "２０２４Q3",
        "2024年第三季度",
        "2024年第3季度",
        "2024年3季度",
        "2024年三季度",
        "2024-Q3",
        "2024-07-01",
    ],
)
def test_every_usual_spelling_is_read(text: str) -> None:
    assert Quarter.parse(text) == Quarter(date(2024, 7, 1))


@pytest.mark.parametrize("text", ["2024Q5", "2024", "第三季度", "2024-08-01", "1999Q1", ""])
def test_what_names_no_quarter_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"quarter"):
        Quarter.parse(text)


def test_the_income_year_runs_from_october_to_september() -> None:
    first, last = Quarter.parse("2023Q4"), Quarter.parse("2024Q3")
    assert {q.income_year for q in quarters_between(first, last)} == {2024}
    assert {q.income_year_start for q in quarters_between(first, last)} == {date(2023, 10, 1)}
    assert [q.is_income_year_end for q in quarters_between(first, last)] == [False] * 3 + [True]
    assert last.end == date(2024, 9, 30)


@given(st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.integers(-40, 40))
def test_shifting_back_and_forth_returns(day: date, quarters: int) -> None:
    quarter = Quarter.containing(day)
    assert quarter.start <= day <= quarter.end
    assert quarter.shift(quarters).shift(-quarters) == quarter
    assert Quarter.parse(quarter.label) == quarter == Quarter.parse(quarter.label_zh)


def test_no_quarters_between_reversed_ends() -> None:
    assert quarters_between(Quarter.parse("2024Q2"), Quarter.parse("2024Q1")) == []
