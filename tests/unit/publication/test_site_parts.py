"""What a site may not show, how it writes values, and what its charts are made of."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from orchestration.publication.site.charts import waterfall, waterfall_start
from orchestration.publication.site.formats import quarter_zh, shown
from orchestration.publication.site.suppression import (
    HIDDEN,
    MINIMUM_HOUSEHOLDS,
    hidden_cells,
    hide_small_counts,
)


def test_a_small_cell_hides_another_from_which_it_could_be_found() -> None:
    assert hidden_cells({"a": 3, "b": 40, "c": 12}) == {"a", "c"}
    assert hidden_cells({"a": 3, "b": 4, "c": 12}) == {"a", "b"}
    assert hidden_cells({"a": 1, "b": 2, "c": 12, "d": 13}) == {"a", "b", "c"}
    assert hidden_cells({"a": 5, "b": 0, "c": None}) == set()


@given(st.dictionaries(st.integers(), st.integers(0, 60), max_size=12))
def test_what_is_hidden_cannot_be_found_by_subtraction(counts: dict[int, int]) -> None:
    hidden = hidden_cells(counts)
    assert {cell for cell, count in counts.items() if 0 < count < MINIMUM_HOUSEHOLDS} <= hidden
    held = [count for count in counts.values() if count]
    if hidden and len(held) > len(hidden):
        assert len(hidden) > 1
        assert sum(counts[cell] for cell in hidden) >= MINIMUM_HOUSEHOLDS


def test_counts_of_few_are_blurred_in_sentences() -> None:
    assert (
        hide_small_counts("有登记的26户申报，其中3户高于登记")
        == "有登记的26户申报，其中不足5户高于登记"
    )
    assert hide_small_counts("人均5532元，13户，1.4户，4人") == "人均5532元，13户，1.4户，不足5人"


def test_values_are_written_by_their_unit() -> None:
    assert shown(Decimal("18990.97"), "yuan2") == "18,990.97"
    assert shown(Decimal("0.154346"), "pct") == "15.4%"
    assert shown(Decimal("-0.01"), "pp") == "-1.0个百分点"
    assert shown(Decimal("167.9600")) == "167.96"
    assert "—" in shown(None, "yuan")
    assert "※" in shown(HIDDEN, "yuan")
    assert quarter_zh(date(2024, 7, 1)) == "2024年第3季度"


def test_a_waterfall_ends_where_its_steps_lead() -> None:
    steps = [
        ("上报", Decimal(100)),
        ("无记录", Decimal(-30)),
        ("补记", Decimal(5)),
        ("核实", Decimal(75)),
    ]
    floor, totals, rises, falls = (series["data"] for series in waterfall(steps, "int")["series"])
    assert totals == [100, None, None, 75]
    assert floor == [0, 70, 70, 0]
    assert rises == [None, None, 5, None]
    assert falls == [None, 30, None, None]
    assert waterfall_start(steps) == 0


def test_a_waterfall_of_small_steps_begins_near_them() -> None:
    steps = [("上报", Decimal(7828)), ("补记", Decimal(20)), ("核实", Decimal(7848))]
    assert 7700 < waterfall_start(steps) < 7828
