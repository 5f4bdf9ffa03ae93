"""The counties' registers of known rules: what moves many households alike and is on paper."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from orchestration.simulation.plants import CONTRACT_GROWTH, Plant
from orchestration.simulation.population import numbered, quarter_at
from orchestration.simulation.world import CountyWorld, row_set


@dataclass(frozen=True)
class Rule:
    """One line of the register; growth as a fraction or an amount in yuan, one of them None."""

    kind: str
    village: str | None
    sub_item: str
    growth: float | None
    amount: float | None
    document: str
    first: date
    last: date | None


def known_rules(world: CountyWorld, t: int) -> pa.Table:
    """The rules in force in the quarter: the county's rates and what villages have registered."""
    quarter = quarter_at(t)
    listed = [*_rates(world), *_of_villages(world)]
    number = numbered(f"GZ{world.people.county.code}", np.arange(len(listed)) + 1, 4)
    rows = [
        (no, rule)
        for no, rule in zip(number.tolist(), listed, strict=True)
        if rule.first <= quarter.end and (rule.last is None or rule.last >= quarter.start)
    ]
    rules = [rule for _, rule in rows]

    def stated(values: list[float | None], scale: int) -> tuple[np.ndarray, np.ndarray]:
        scaled = np.array([round((value or 0) * scale) for value in values], dtype=np.int64)
        return scaled, np.array([value is None for value in values])

    return row_set(
        world,
        "known_rules",
        rule_no=np.array([no for no, _ in rows]),
        rule_kind=np.array([rule.kind for rule in rules]),
        village_code=(
            np.array([rule.village or "" for rule in rules]),
            np.array([rule.village is None for rule in rules]),
        ),
        sub_item=np.array([rule.sub_item for rule in rules]),
        growth=stated([rule.growth for rule in rules], 10_000),
        amount=stated([rule.amount for rule in rules], 100),
        document_no=np.array([f"{rule.first.year}年第{no[-4:]}号" for no, rule in rows]),
        document_title=np.array([rule.document for rule in rules]),
        valid_from=np.array([rule.first for rule in rules], dtype="datetime64[D]"),
        valid_until=(
            np.array([rule.last or rule.first for rule in rules], dtype="datetime64[D]"),
            np.array([rule.last is None for rule in rules]),
        ),
    )


def _rates(world: CountyWorld) -> list[Rule]:
    """Rates that hold in the whole county and do not change in the simulated time."""
    relief, since = world.assumptions.relief, date(2022, 10, 1)
    return [
        Rule("benefit_rate", None, item, None, amount, title, since, None)
        for item, amount, title in (
            ("transfer_farm_subsidy", relief.farmland_yuan_per_mu, "耕地地力保护补贴标准"),
            ("transfer_disability", relief.living_subsidy, "困难残疾人生活补贴标准"),
            ("transfer_disability", relief.nursing_subsidy, "重度残疾人护理补贴标准"),
            ("transfer_ecological", relief.grassland_yuan_per_mu, "草原生态保护补助标准"),
        )
    ]


def _of_villages(world: CountyWorld) -> list[Rule]:
    return [
        _rule_of(world, plant) for plant in world.planting.plants if plant.is_registered is True
    ]


def _rule_of(world: CountyWorld, plant: Plant) -> Rule:
    planting, village = world.planting, plant.village
    code = world.people.places[village].code
    start = quarter_at(4 * (plant.first // 4)).start
    end = quarter_at(4 * (plant.first // 4) + 3).end
    # Awards and prices are agreed for an income year, standards stand from the beginning.
    match plant.type:
        case "wage_award":
            growth = planting.award_growth
            return Rule("wage_award", code, "wage_local", growth, None, "工资调标文件", start, end)
        case "contract_price":
            growth = CONTRACT_GROWTH
            title = "订单收购合同"
            return Rule(
                "contract_price", code, "business_planting", growth, None, title, start, end
            )
        case "flat_dividend":
            amount = planting.flat_dividends[village] / 100
            item, title = "property_dividend", "集体经济分红决议"
            return Rule(
                "dividend_decision", code, item, None, amount, title, date(2022, 10, 1), None
            )
        case _:
            amount = planting.rent_standard[village] / 100
            item, title = "property_land_rent", "土地流转统一租金合同"
            return Rule("contract_price", code, item, None, amount, title, date(2022, 10, 1), None)
