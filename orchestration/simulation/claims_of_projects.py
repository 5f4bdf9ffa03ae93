"""What a county counts for the indicators of projects, funds, sales, assets and land.

Every figure is counted over the rows that the departments file for the county, since 1 January.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.simulation.apportion import end_of
from orchestration.simulation.funds import support_payments
from orchestration.simulation.population import quarter_at
from orchestration.simulation.world import CountyWorld

_PLAN = np.datetime64("2024-01-01")
"""Since when the indicators of the plan's period count."""

_RICH = 20_000_000
"""Income of a village collective, fen, above which a part is to be distributed."""


def project_counts(world: CountyWorld, t: int) -> dict[str, float]:
    """Return the county's own figure by indicator id; ratios as fractions, money in yuan.

    A ratio that has nothing below the line, and a figure of the plan's period before it begins,
    are missing: the county has nothing to report.
    """
    parts: tuple[Callable[[CountyWorld, int], dict[str, float | None]], ...] = (
        _of_entities,
        _of_funds,
        _of_sales,
        _of_work,
        _of_society,
        _of_assets,
        _of_land,
    )
    figures: dict[str, float | None] = {}
    for part in parts:
        figures |= part(world, t)
    return {name: float(value) for name, value in figures.items() if value is not None}


def _column(table: pa.Table, name: str) -> np.ndarray:
    """Return a column; cells that are empty are 0, false or NaT as their type has it."""
    column = table[name]
    if column.null_count and not pa.types.is_temporal(column.type):
        column = column.fill_null(pa.scalar(0).cast(column.type))
    return np.asarray(column.to_numpy(zero_copy_only=False))


def _ratio(above: float, below: float) -> float | None:
    return float(above) / float(below) if below else None


def _yuan(fen: np.ndarray) -> float:
    return float(fen.sum()) / 100


def _of_entities(world: CountyWorld, t: int) -> dict[str, float | None]:
    entities, parks = world.rows("farm_entities", t), world.rows("industry_parks", t)
    kind = _column(entities, "entity_kind")
    established = _column(entities, "established_on")
    year = np.datetime64(f"{quarter_at(t).start.year}-01-01")
    is_new = _column(entities, "is_running") & (established >= year)
    # Who is recognised stays so and grows: the last snapshot knows all of the plan's period.
    is_plan = end_of(t) >= _PLAN
    leads = _column(entities, "is_demonstration") & (_column(entities, "households_led") >= 50)
    leads &= np.isin(kind, ("family_farm", "cooperative"))
    is_linked = parks["recognised_on"].is_valid().to_numpy() & _column(
        parks, "has_linkage_mechanism"
    )
    return {
        "M01-09": world.rows("county_plans", t).num_rows,
        "M02-01": (is_new & (kind == "beef_ranch")).sum(),
        "M02-02": (is_new & (kind == "sheep_ranch")).sum(),
        "M02-03": leads.sum() if is_plan else None,
        "M02-04": is_linked.sum() if is_plan else None,
    }


def _of_funds(world: CountyWorld, t: int) -> dict[str, float | None]:
    bridging = world.rows("bridging_projects", t)
    kind = _column(bridging, "project_kind")
    operates = kind == "operating"
    is_construction = np.isin(kind, ("construction", "living_environment"))
    village, amount, day = support_payments(world)
    paid = (day >= _PLAN) & (day <= end_of(t))
    villages = len(np.unique(village[paid]))
    income = world.rows("village_collective_income", t)
    is_rich = _column(income, "operating_income") > _RICH
    return {
        "M03-03": _ratio(_column(bridging, "has_linkage")[operates].sum(), operates.sum()),
        "M03-04": _ratio(
            _column(bridging, "uses_work_relief")[is_construction].sum(), is_construction.sum()
        ),
        "M16-02": villages if end_of(t) >= _PLAN else None,
        "M16-03": _ratio(_yuan(amount[paid]), villages),
        "M16-04": _ratio(
            _column(income, "dividends_low_income")[is_rich].sum(),
            _column(income, "dividends_paid")[is_rich].sum(),
        ),
    }


def _of_sales(world: CountyWorld, t: int) -> dict[str, float | None]:
    canteens = world.rows("canteen_procurement", t)
    reserved, bought = (
        _column(canteens, name) for name in ("reserved_purchases", "canteen_purchases")
    )
    suppliers = world.rows("platform_sales", t)
    on_platform = _column(suppliers, "sales_channel") == "platform_832"
    return {
        "M05-01": _ratio(reserved.sum(), bought.sum()),
        "M05-02": _ratio((reserved >= 0.15 * bought).sum(), len(bought)),
        "M05-03": _yuan(_column(world.rows("union_purchases", t), "paired_village_purchases")),
        "M05-04": _yuan(_column(suppliers, "sales_amount")[on_platform]),
        "M05-05": world.rows_so_far("promotion_events", t).num_rows,
        "M05-06": _yuan(_column(world.rows("consumption_assistance", t), "sales_amount")),
    }


def _of_work(world: CountyWorld, t: int) -> dict[str, float | None]:
    wages = world.rows_so_far("work_relief_wages", t)
    projects = world.rows("work_relief_projects", t)
    paid = wages.group_by("project_no").aggregate([("amount", "sum")])
    by_project = dict(
        zip(paid["project_no"].to_pylist(), paid["amount_sum"].to_pylist(), strict=True)
    )
    funds = _column(projects, "central_funds")
    reaches = np.array([by_project.get(no, 0) for no in projects["project_no"].to_pylist()])
    workshops = world.rows("workshops", t)
    relief = world.rows_so_far("workshop_tax_relief", t)
    return {
        "M07-01": pc.count_distinct(wages["person_key"]).as_py(),
        "M07-02": _ratio(_column(wages, "amount").sum(), funds.sum()),
        "M07-03": _ratio((reaches >= 0.3 * funds).sum(), len(funds)),
        "M08-02": (_column(workshops, "workshop_state") == "operating").sum(),
        "M08-03": _yuan(_column(relief, "relief_amount")),
    }


def _of_society(world: CountyWorld, t: int) -> dict[str, float | None]:
    pairs = world.rows("enterprise_villages", t)
    cases = _column(world.rows_so_far("bride_price_cases", t), "is_resolved")
    rules = _column(world.rows("village_customs", t), "has_reward_rules")
    return {
        "M13-01": pc.count_distinct(pairs["enterprise_no"]).as_py(),
        "M13-02": _column(world.rows_so_far("volunteer_aid", t), "persons_helped").sum(),
        "M20-01": _ratio(cases.sum(), len(cases)),
        "M20-02": _ratio(rules.sum(), len(rules)),
    }


def _of_assets(world: CountyWorld, t: int) -> dict[str, float | None]:
    table = world.rows("project_assets", t)
    state, value = _column(table, "asset_state"), _column(table, "original_value")
    earns = _column(table, "is_village_owned") & (_column(table, "income_in_year") > 0)
    return {
        "M17-03": world.rows("photovoltaic_posts", t).num_rows,
        "M17-04": _ratio(
            value[state == "revived"].sum(),
            value[np.isin(state, ("idle", "inefficient", "revived"))].sum(),
        ),
        "M17-05": _ratio((_column(table, "has_distribution_plan") & earns).sum(), earns.sum()),
    }


def _of_land(world: CountyWorld, t: int) -> dict[str, float | None]:
    contracts, parcels = world.rows("land_transfers", t), world.rows("idle_land", t)
    due, paid = _column(contracts, "rent_due"), _column(contracts, "rent_paid")
    area = _column(parcels, "area_mu")[_column(parcels, "is_in_use")]
    return {
        "M18-01": _column(contracts, "area_mu").sum() / 100,
        "M18-02": _ratio(np.minimum(paid, due).sum(), due.sum()),
        "M18-03": area.sum() / 100,
    }
