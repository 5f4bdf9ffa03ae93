"""Control totals: which rows a total covers, and when it matches."""

from decimal import Decimal

import pytest

from orchestration.contracts import load_contracts
from orchestration.ingestion.body import TotalRow
from orchestration.ingestion.checks import stated_totals
from orchestration.ingestion.columns import ReadColumn
from orchestration.ingestion.headers import Place

AMOUNT = load_contracts()["dibao_payments"].column("amount")


def _totals(
    stated: list[tuple[str, int, object]], amounts: list[str], factor: int = 1
) -> list[tuple[str, Decimal, bool]]:
    place = Place(AMOUNT, 1, "发放金额", unit_factor=Decimal(factor))
    column = ReadColumn(place, amounts, [Decimal(amount) for amount in amounts])
    rows = [
        TotalRow(row, label, label[-2:], position, (label, figure))
        for row, (label, position, figure) in enumerate(stated)
    ]
    found = stated_totals(rows, {"amount": column}, len(amounts))
    return [(item.scope_zh, item.summed, item.is_matched) for item in found]


def test_subtotals_cover_the_rows_since_the_last_one() -> None:
    stated = [("甲村小计", 2, 3), ("乙村小计", 4, 7), ("合计", 4, 10)]
    assert _totals(stated, ["1", "2", "3", "4"]) == [
        ("甲村小计所属 2 行", Decimal(3), True),
        ("乙村小计所属 2 行", Decimal(7), True),
        ("全表", Decimal(10), True),
    ]


def test_subtotals_that_lead_their_rows_cover_what_follows() -> None:
    stated = [("小计", 0, 3), ("小计", 2, 7)]
    assert [matched for _, _, matched in _totals(stated, ["1", "2", "3", "4"])] == [True, True]


def test_totals_of_townships_and_a_grand_total_of_the_same_name() -> None:
    stated = [("甲乡合计", 2, 3), ("乙乡合计", 4, 7), ("合计", 4, 10)]
    assert [matched for _, _, matched in _totals(stated, ["1", "2", "3", "4"])] == [True] * 3


def test_a_total_on_top_covers_the_table() -> None:
    assert _totals([("合计", 0, 10)], ["1", "2", "3", "4"]) == [("全表", Decimal(10), True)]


@pytest.mark.parametrize(
    ("figure", "is_matched"),
    [(10, True), (11, False), ("10.4", True), ("10.46", False), ("—", None)],
)
def test_a_total_matches_within_half_a_unit_of_its_last_digit(
    figure: object, is_matched: bool | None
) -> None:
    found = [matched for _, _, matched in _totals([("总计", 2, figure)], ["5.2", "5.2"])]
    assert found == ([] if is_matched is None else [is_matched])


def test_a_total_in_ten_thousands_is_as_exact_as_it_is_stated() -> None:
    assert _totals([("总计", 2, 1.23)], ["6100", "6230"], 10000)[0][2]
    assert not _totals([("总计", 2, 1.23)], ["6100", "6260"], 10000)[0][2]
