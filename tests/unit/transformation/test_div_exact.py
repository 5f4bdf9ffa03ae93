"""Money divides half-up to the cent, whatever the sign; DuckDB's own division does not."""

import random
import re
from decimal import ROUND_HALF_UP, Decimal

import duckdb
import jinja2
import pytest

from orchestration.settings import PROJECT_ROOT


def divide(numerator: str, divisor: str, scale: int = 2) -> str:
    source = (PROJECT_ROOT / "dbt_project/macros/div_exact.sql").read_text("utf-8")
    template = jinja2.Environment().from_string(source)  # noqa: S701
    return template.module.div_exact(numerator, divisor, scale)  # type: ignore[attr-defined]


def evaluate(expression: str) -> Decimal | None:
    row = duckdb.execute(f"select {expression}").fetchone()
    assert row is not None
    return row[0]


@pytest.mark.parametrize(
    ("numerator", "divisor", "scale", "expected"),
    [
        ("8512.58", "4", 2, "2128.15"),
        ("-8512.58", "4", 2, "-2128.15"),
        ("0.05", "2", 2, "0.03"),
        ("-0.05", "2", 2, "-0.03"),
        ("0.01", "3", 2, "0.00"),
        ("100.00", "-3", 2, "-33.33"),
        ("1.00", "3", 6, "0.333333"),
        ("2000.00", "16300.00", 6, "0.122699"),
        ("21586150423.02", "799999", 2, "26982.72"),
        ("0", "7", 2, "0.00"),
    ],
)
def test_known_quotients(numerator: str, divisor: str, scale: int, expected: str) -> None:
    assert evaluate(divide(numerator, divisor, scale)) == Decimal(expected)


@pytest.mark.parametrize("divisor", ["0", "null"])
def test_no_divisor_gives_null(divisor: str) -> None:
    assert evaluate(divide("10.00", divisor)) is None


def test_the_result_is_a_decimal_of_the_scale_asked_for() -> None:
    assert evaluate(f"typeof({divide('1.00', '3', 4)})") == "DECIMAL(18,4)"


def test_agrees_with_exact_arithmetic_where_the_engine_does_not() -> None:
    chance = random.Random(20240930)  # noqa: S311
    rows = [(chance.randint(-9_000_000, 9_000_000), chance.randint(1, 12)) for _ in range(20_000)]
    values = ", ".join(f"({cents}, {size})" for cents, size in rows)
    columns = "cast(cents as decimal(18, 2)) / 100"
    exact = divide("money", "size")
    result = duckdb.execute(
        f"select {exact}, round(money / size, 2) from (select size, "  # noqa: S608
        f"cast({columns} as decimal(18, 2)) as money from (values {values}) as t (cents, size))"
    ).fetchall()
    expected = [
        (Decimal(cents) / 100 / size).quantize(Decimal("0.01"), ROUND_HALF_UP)
        for cents, size in rows
    ]
    assert [row[0] for row in result] == expected
    naive = [Decimal(str(row[1])) for row in result]
    assert naive != expected, "plain division would have done"


def test_models_divide_money_through_the_macro_only() -> None:
    for file in (PROJECT_ROOT / "dbt_project/models").rglob("*.sql"):
        text = re.sub(r"--.*", "", file.read_text("utf-8"))
        if file.stem != "int_measure_forecasts":  # factors of growth, not money
            assert not re.search(r"\s/\s", text), f"{file.name} divides on its own"
