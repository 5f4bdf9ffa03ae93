"""The plan as data: every quote stands in the plan, every number in its quote."""

from decimal import Decimal
from itertools import pairwise

import jinja2
import pytest
from plan_text import PLAN, SEEDS, numbers, rows

from orchestration.calendar import FIRST_QUARTER, Quarter, quarters_between
from orchestration.contracts import load_contracts
from orchestration.settings import PROJECT_ROOT


@pytest.mark.parametrize("seed", sorted(file.stem for file in SEEDS.glob("*.csv")))
def test_every_quote_stands_in_the_plan(seed: str) -> None:
    for row in rows(seed):
        for column, text in row.items():
            if column.endswith("_quote"):
                assert text in PLAN, f"{seed}: {text}"


def test_the_plan_has_twenty_measures_in_order() -> None:
    assert [row["measure_no"] for row in rows("measures")] == [str(n) for n in range(1, 21)]
    assert all(row["title_zh"] in row["plan_quote"] for row in rows("measures"))


def test_departments_list_the_measures_that_name_them() -> None:
    for measure in rows("measures"):
        responsible = set(measure["responsible_departments"].split("|"))
        for department in rows("departments"):
            listed = measure["measure_no"] in department["measures"].split("|")
            assert listed == (department["department_id"] in responsible)


def test_targets_are_the_numbers_of_their_sentences() -> None:
    for row in rows("indicator_targets"):
        if row["target"]:
            assert Decimal(row["target"]) in {n.value for n in numbers(row["plan_quote"])}, row
        assert row["scope"] in {"region", "county", "each"}


def test_a_target_the_plan_does_not_give_is_empty() -> None:
    for row in rows("indicator_targets"):
        if not numbers(row["plan_quote"]):
            assert not row["target"], row
        elif not row["target"]:
            assert row["note"], row


def test_a_target_holds_in_both_years_unless_the_plan_names_one() -> None:
    for indicator in rows("indicators"):
        found = {
            row["calendar_year"]: row["target"]
            for row in rows("indicator_targets")
            if row["indicator_id"] == indicator["indicator_id"]
        }
        if "2024年" in indicator["plan_quote"]:
            assert found["2024"]
            assert not found["2025"]
        else:
            assert found["2024"] == found["2025"]


def test_every_indicator_has_a_target_row_for_both_years() -> None:
    expected = {(row["indicator_id"], y) for row in rows("indicators") for y in ("2024", "2025")}
    found = [(row["indicator_id"], row["calendar_year"]) for row in rows("indicator_targets")]
    assert set(found) == expected
    assert len(found) == len(expected)


def test_goals_say_what_the_plan_says() -> None:
    goals = {row["goal_id"]: row for row in rows("goals")}
    assert goals["G1-level-2024"]["target"] == "19000"
    assert goals["G1-level-2025"]["target"] == "21500"
    # 0.2 percentage points above the mean of 16.3, 16.3 and 16.2 %
    mean = (Decimal("0.163") + Decimal("0.163") + Decimal("0.162")) / 3
    assert Decimal(goals["G2-growth-2024"]["target"]) == round(mean + Decimal("0.002"), 6)
    assert Decimal(goals["G2-growth-2024"]["target_upper"]) == round(mean + Decimal("0.003"), 6)
    groups = [row["goal_group"] for row in rows("counties")]
    assert groups.count("above_national_level") == 10
    assert groups.count("above_regional_growth") == 12
    assert {row["scope"] for row in rows("goals")} == {"region", *groups}


def test_quarters_are_the_calendar_s() -> None:
    expected = quarters_between(Quarter(FIRST_QUARTER), Quarter.of(2027, 4))
    found = rows("quarters")
    assert [row["quarter"] for row in found] == [quarter.key for quarter in expected]
    for row, quarter in zip(found, expected, strict=True):
        assert row["quarter_end"] == quarter.end.isoformat()
        assert row["label"] == quarter.label
        assert row["label_zh"] == quarter.label_zh
        assert row["income_year"] == str(quarter.income_year)
        assert row["income_year_start"] == quarter.income_year_start.isoformat()
        assert row["is_income_year_end"] == str(quarter.is_income_year_end).lower()
        assert row["is_calendar_year_end"] == str(quarter.number == 4).lower()


def _lists_of_macros(*names: str) -> list[object]:
    source = (PROJECT_ROOT / "dbt_project/macros/income_items.sql").read_text("utf-8")
    kept: list[object] = []
    environment = jinja2.Environment()  # noqa: S701
    environment.globals["return"] = lambda value: kept.append(value) or ""
    macros = environment.from_string(source).module
    for name in names:
        getattr(macros, name)()
    return kept


def test_models_know_the_sub_items_of_the_seed() -> None:
    by_component: dict[str, list[str]] = {}
    for row in rows("income_sub_items"):
        by_component.setdefault(row["component"], []).append(row["sub_item"])
    by_component.pop("production_cost")
    of_class = {
        evidence: [
            row["sub_item"] for row in rows("income_sub_items") if row["evidence_class"] == evidence
        ]
        for evidence in ("recorded", "capacity")
    }
    names_no_household = {
        dataset
        for dataset, contract in load_contracts().items()
        if "household_key" not in {column.name for column in contract.columns}
    }
    personal = [
        row["sub_item"]
        for row in rows("income_sub_items")
        if row["source_dataset"] in names_no_household
    ]
    found = _lists_of_macros(
        "income_components", "recorded_sub_items", "capacity_sub_items", "personal_sub_items"
    )
    assert found == [by_component, of_class["recorded"], of_class["capacity"], personal]


def test_what_is_recorded_has_a_register() -> None:
    contracts = load_contracts()
    for row in rows("income_sub_items"):
        is_recorded = row["evidence_class"] == "recorded"
        assert is_recorded == (row["source_dataset"] in contracts and not row["benchmark_id"])
        if row["benchmark_id"]:
            assert row["benchmark_id"] in {
                item["benchmark_id"] for item in rows("capacity_benchmarks")
            }


def test_a_benchmark_is_per_unit_of_what_its_dataset_states() -> None:
    contracts = load_contracts()
    holdings: dict[str, list[str]] = {}
    for row in rows("capacity_benchmarks"):
        holdings.setdefault(row["benchmark_id"], []).append(row["holding"])
    bounded = [row for row in rows("income_sub_items") if row["evidence_class"] == "capacity"]
    assert {row["benchmark_id"] for row in bounded} == set(holdings)
    for row in bounded:
        units = {column.name: column.unit for column in contracts[row["source_dataset"]].columns}
        for benchmark in rows("capacity_benchmarks"):
            if benchmark["benchmark_id"] == row["benchmark_id"]:
                unit = units[benchmark["holding"]]
                assert benchmark["unit_zh"].removeprefix("元/") == unit, benchmark
    assert [holdings["breeding_yuan_per_head"]] == _lists_of_macros("animals")


def test_a_benchmark_without_a_source_says_so() -> None:
    for row in rows("capacity_benchmarks"):
        assert row["source"]
        if "假设" in row["source"]:
            assert row["is_synthetic"] == "true"


def test_every_sub_item_has_one_inclusion_rule_at_a_time() -> None:
    for item in rows("income_sub_items"):
        rules = [row for row in rows("inclusion_rules") if row["sub_item"] == item["sub_item"]]
        rules.sort(key=lambda row: row["valid_from"])
        assert rules
        for earlier, later in pairwise(rules):
            assert earlier["valid_until"]
            assert earlier["valid_until"] <= later["valid_from"]
