"""What the marts say of a small region whose figures can be worked out by hand."""

from datetime import date
from decimal import Decimal

from small_region import HAIYUAN, XINGQING, Query

NET = """
    select per_capita_reported, per_capita_recomputed, per_capita_verified
    from fct_income_components
    where county_code = '{county}' and component = 'net_income' and {when}
"""
YEAR = "income_year = {} and is_income_year_end"


def test_per_capita_net_income_of_a_county_in_an_income_year(query: Query) -> None:
    # Claimed are 3125 yuan a quarter less cost of 0.58, by three members. Supported are 8000 of
    # casual labour, 2.5 months at 4000 that are on record only, livestock of 2700 and rent of 400.
    [row] = query(NET.format(county=HAIYUAN, when=YEAR.format(2023)))
    assert row == (Decimal("4166.47"), Decimal("7033.14"), Decimal("7033.14"))


def test_livestock_counts_up_to_the_largest_herd_of_the_income_year(query: Query) -> None:
    # Three sheep at 900 where 4000 were claimed; of the other county no herds are filed.
    sql = """
        select total_reported, total_recomputed from fct_income_components
        where county_code = '{}' and component = 'business' and quarter = '2023-07-01'
    """
    assert query(sql.format(HAIYUAN)) == [(Decimal(4000), Decimal(2700))]
    assert query(sql.format(XINGQING)) == [(Decimal(400), Decimal(400))]


def test_rent_counts_in_the_income_year_in_which_it_was_paid(query: Query) -> None:
    # 300 of the calendar year 2022 and 100 of 2023, then 300 more of it in the next income year.
    sql = """
        select quarter, total_reported, total_recomputed from fct_income_components
        where county_code = '{}' and component = 'property' order by quarter
    """
    assert query(sql.format(HAIYUAN)) == [
        (date(2022, 10, 1), Decimal(125), Decimal(300)),
        (date(2023, 1, 1), Decimal(250), Decimal(300)),
        (date(2023, 4, 1), Decimal(375), Decimal(400)),
        (date(2023, 7, 1), Decimal(500), Decimal(400)),
        (date(2023, 10, 1), Decimal(125), Decimal(300)),
    ]


def test_a_pension_after_death_is_struck_from_the_verified_figure(query: Query) -> None:
    # Four pensions of 450 are on record where 2000 were claimed; p1 died in May 2023, so those for
    # June and September do not stand. Livestock of 400 is kept as claimed.
    [row] = query(NET.format(county=XINGQING, when=YEAR.format(2023)))
    assert row == (Decimal("3199.71"), Decimal("3099.71"), Decimal("2649.71"))
    struck = query("select pay_month, reason from int_struck_payments order by pay_month")
    assert struck == [(date(2023, 6, 1), "after_death"), (date(2023, 9, 1), "after_death")]
    [(status,)] = query(
        "select verification_status from fct_household_income "
        "where household_key = 'a' and quarter = '2023-07-01'"
    )
    assert status == "struck"


def test_the_region_adds_up_its_counties(query: Query) -> None:
    [(total, persons, counties)] = query(
        "select total_reported, persons, counties from fct_income_components "
        "where county_code = '640000' and component = 'net_income' and quarter = '2023-07-01'"
    )
    assert (total, persons, counties) == (Decimal("18898.84"), 5, 2)


def test_a_register_that_was_not_filed_makes_the_figure_unknown(query: Query) -> None:
    [row] = query(NET.format(county=HAIYUAN, when="quarter = '2023-10-01'"))
    assert row == (Decimal("1041.47"), None, None)
    assessed = query(
        "select distinct verification_status from fct_household_income where quarter = '2023-10-01'"
    )
    assert assessed == [("not_assessed",)]


def test_a_replaced_version_does_not_count(query: Query) -> None:
    [(size, wage)] = query(
        "select household_size, wage_income_reported from fct_household_income "
        "where household_key = 'b' and quarter = '2023-10-01'"
    )
    assert (size, wage) == (3, Decimal("2000.00"))


def test_decline_looks_at_the_same_quarter_of_the_year_before(query: Query) -> None:
    rows = query(
        "select quarter, is_income_decline from fct_household_income "
        "where household_key = 'b' order by quarter"
    )
    assert [flag for _, flag in rows] == [None, None, None, None, False]


def test_what_was_not_filed_is_a_row(query: Query) -> None:
    rows = query(
        "select status, count(*) from fct_submissions "
        "where dataset = 'household_roster' and quarter = '2023-10-01' group by status"
    )
    assert dict(rows) == {"filed": 2, "rejected": 1, "not_filed": 19}
    [(pension,)] = query(
        "select status from fct_submissions "
        "where dataset = 'pension_payments' and quarter = '2023-10-01'"
    )
    assert pension == "not_filed"


def test_a_measure_counts_persons_once_and_only_what_is_filed(query: Query) -> None:
    sql = """
        select reported, recomputed, plan_target, counties_reporting from fct_measure_completion
        where indicator_id = 'M06-01' and quarter = '{}' and county_code = '{}'
    """
    assert query(sql.format("2023-10-01", HAIYUAN)) == [(Decimal(3), Decimal(1), None, 1)]
    assert query(sql.format("2023-10-01", "640000")) == [(Decimal(6), Decimal(1), None, 2)]
    # Without a roster nobody can say who counts.
    assert query(sql.format("2023-10-01", "640105")) == [(None, None, None, 0)]
    # Of 2022 only the last quarter was ever expected: no register covers that calendar year.
    assert query(sql.format("2022-10-01", HAIYUAN)) == [(Decimal(3), None, None, 1)]
