"""Cells: what each kind of column makes of a stored cell."""

from datetime import date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.ingestion import cells
from orchestration.ingestion.cells import Reading
from orchestration.ingestion.rules import FAULTS, REPAIRS

MONEY = st.decimals(min_value=0, max_value=Decimal("99999999.99"), places=2)


def _plain(amount: Decimal) -> object:
    return f"{amount}"


def _full_width(amount: Decimal) -> object:
    return "".join(chr(ord(c) + 0xFEE0) for c in f"{amount}")


SPELLINGS = {
    "plain": _plain,
    "number": float,
    "thousands": lambda amount: f"{amount:,}",
    "full-width thousands": lambda amount: f"{amount:,}".replace(",", "，"),
    "full width": _full_width,
    "unit": lambda amount: f"{amount}元",
    "ten thousands": lambda amount: f"{amount / 10000}万",
    "ten thousand yuan": lambda amount: f"{amount / 10000}万元",
    "spaces": lambda amount: f" {amount}\u00a0 ",
    "text formula": lambda amount: f'="{amount}"',
    "apostrophe": lambda amount: f"'{amount}",
    "currency sign": lambda amount: f"￥{amount}",
}


@pytest.mark.parametrize("spell", SPELLINGS.values(), ids=SPELLINGS.keys())
@given(amount=MONEY)
def test_money_in_any_spelling_reads_back_exactly(spell, amount: Decimal) -> None:  # type: ignore[no-untyped-def]
    value, rule = cells.read_decimal(spell(amount), "元")
    assert value == amount
    assert rule is None or rule in REPAIRS


@given(amount=MONEY)
def test_negative_money_in_brackets_reads_back(amount: Decimal) -> None:
    assert cells.read_decimal(f"({amount:,})", "元").value == -amount
    assert cells.read_decimal(f"（{amount}）", "元").value == -amount


@given(amount=st.decimals(min_value=0, max_value=9999, places=4))
def test_a_sheet_in_ten_thousands_converts_exactly(amount: Decimal) -> None:
    reading = cells.read_decimal(float(amount), "元", Decimal(10000))
    assert reading == Reading(amount * 10000)
    # A unit within the cell beats the sheet's.
    assert cells.read_decimal(f"{amount:.2f}元", "元", Decimal(10000)).value == round(amount, 2)


READERS = [
    lambda raw: cells.read_decimal(raw, "元"),
    lambda raw: cells.read_integer(raw, "人"),
    cells.read_date,
    cells.read_month,
    cells.read_timestamp,
    cells.read_boolean,
    lambda raw: cells.read_code(raw, {"男": "male"}),
    cells.read_text,
    cells.read_key_text,
    cells.read_person,
    cells.read_household,
]
ANYTHING = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(),
    st.text(alphabet="0123456789.,-/年月日万元%()（）EX* ='\"", max_size=24),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.timedeltas(),
)


@pytest.mark.parametrize("read", READERS)
@given(raw=ANYTHING)
def test_any_cell_is_read_or_refused_by_a_known_rule(read, raw: object) -> None:  # type: ignore[no-untyped-def]
    value, rule = read(raw)
    assert rule is None or rule in FAULTS or rule in REPAIRS
    if rule in FAULTS:
        assert value is None


@pytest.mark.parametrize("raw", [None, "", "  ", "\u00a0", "\u3000", "\u200b", float("nan")])
def test_a_blank_is_null_and_silent(raw: object) -> None:
    assert cells.read_decimal(raw, "元") == Reading(None)


def test_zero_is_a_figure_and_no_blank() -> None:
    assert cells.read_decimal(0, "元") == Reading(Decimal(0))
    assert cells.read_decimal("0", "元") == Reading(Decimal(0))


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        (1.005, Decimal("1.01"), "number.rounded"),
        (2.675, Decimal("2.68"), "number.rounded"),
        (0.1 + 0.2, Decimal("0.30"), None),
        (-0.0, Decimal(0), None),
        (1e17, None, "number.too_large"),
        (True, None, "number.invalid"),
        ("3人", None, "number.unit"),
        ("100-200元", None, "number.interval"),
        ("近3000", None, "number.approximate"),
    ],
)
def test_decimals(raw: object, value: Decimal | None, rule: str | None) -> None:
    assert cells.read_decimal(raw, "元") == Reading(value, rule)


def test_a_percentage_is_a_fraction_only_where_no_unit_is_expected() -> None:
    expected = Reading(Decimal("0.0250"), "number.percent_converted")
    assert cells.read_decimal("2.5%", None, scale=4) == expected
    assert cells.read_decimal("2.5%", "元").rule == "number.percent"


@pytest.mark.parametrize(
    ("raw", "value", "rule"),
    [
        (4.0, 4, None),
        ("４人", 4, "number.spelling"),
        ("1.2万人", 12000, "number.wan"),
        (4.5, None, "number.fraction"),
        (3e9, None, "number.too_large"),
    ],
)
def test_integers(raw: object, value: int | None, rule: str | None) -> None:
    assert cells.read_integer(raw, "人") == Reading(value, rule)


APRIL_FIRST = date(2023, 4, 1)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("2023-04-01", None),
        (datetime(2023, 4, 1, 9, 30), None),
        (APRIL_FIRST, None),
        ("2023/4/1", None),
        ("2023.4.1", "date.spelling"),
        ("2023年4月1日", "date.spelling"),
        ("20230401", None),
        (20230401.0, None),
        ("23/4/1", "date.spelling"),
        ("２０２３－０４－０１", "date.spelling"),
        (45017.0, "date.serial"),
        ("45017", "date.serial"),
    ],
)
def test_a_day_in_every_spelling(raw: object, rule: str | None) -> None:
    assert cells.read_date(raw) == Reading(APRIL_FIRST, rule)


@pytest.mark.parametrize("raw", ["2023.4", 2023.4, "2023年4月", "2023.04"])
def test_a_month_in_every_spelling(raw: object) -> None:
    assert cells.read_month(raw) == Reading(APRIL_FIRST, "date.spelling")


@pytest.mark.parametrize("raw", ["202304", 202304, "2023-04", "2023-4", "2023/04", APRIL_FIRST])
def test_a_month_as_systems_write_it(raw: object) -> None:
    assert cells.read_month(raw) == Reading(APRIL_FIRST)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("1900-01-00", "date.invalid"),
        (time(0, 0), "date.invalid"),
        (date(1899, 12, 31), "date.invalid"),
        (0, "date.invalid"),
        (2023, "date.invalid"),
        (2023.1, "date.ambiguous"),
        ("05/04/03", "date.ambiguous"),
        ("4/1/2023", "date.invalid"),
        ("2023年10月-2024年9月", "date.interval"),
        ("2023-02-30", "date.invalid"),
    ],
)
def test_what_is_no_date_is_refused(raw: object, rule: str) -> None:
    assert cells.read_month(raw) == Reading(None, rule)


def test_a_text_2023_1_is_january_but_the_number_may_be_october() -> None:
    assert cells.read_month("2023.1").value == date(2023, 1, 1)
    assert cells.read_month("2023.10").value == date(2023, 10, 1)
    assert cells.read_month(2023.1).rule == "date.ambiguous"


@pytest.mark.parametrize("raw", ["是", "√", "Y", "y", "1", 1.0, True, "有", "Ｙ"])
def test_yes(raw: object) -> None:
    assert cells.read_boolean(raw).value is True


@pytest.mark.parametrize("raw", ["否", "×", "N", "0", 0, False, "无", "x"])
def test_no(raw: object) -> None:
    assert cells.read_boolean(raw).value is False


def test_a_number_typed_household_number_is_text_again_if_it_is_whole() -> None:
    assert cells.read_household(640522100001.0) == Reading("640522100001", "household.number_typed")
    assert cells.read_household(6.40522100001e19).rule == "text.number_typed"


def test_texts_keep_what_looks_like_a_formula() -> None:
    assert cells.read_text("=1+1") == Reading("=1+1")
    assert cells.read_decimal("=1+1", "元").rule == "formula.uncalculated"
