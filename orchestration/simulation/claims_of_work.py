"""What a county counts for the indicators of work, skills, credit, insurance and low incomes.

Every figure is counted over the rows that the departments file for the county, since 1 January or,
for what the plan asks over its whole period, since it began.
"""

from functools import partial

import numpy as np
import pyarrow as pa

from orchestration.simulation.credit import PERSONAL
from orchestration.simulation.population import quarter_at
from orchestration.simulation.world import CountyWorld, texts

_PLAN_BEGINS = 2024
_GRAIN = ("grain_full_cost", "grain_income")


def work_counts(world: CountyWorld, t: int) -> dict[str, float]:
    """Return the county's own figure by indicator id; ratios as fractions, money in yuan.

    A ratio of nothing is left out: a county without graduates has no rate of employment.
    """
    since_january = partial(world.rows_so_far, t=t)
    counts = (
        _of_subsidies(since_january("employment_subsidies"))
        | _of_insurance(since_january("insurance_policies"), since_january("insurance_claims"))
        | _of_actions(since_january("low_income_actions"))
        | _of_courtyards(since_january("courtyard_economy"))
        | _of_credit(world, t)
        | _of_registers(world, t)
    )
    counts["M06-08"] = since_january("fujian_transfers").num_rows
    counts["M10-01"] = since_january("training_records").num_rows
    if quarter_at(t).start.year >= _PLAN_BEGINS:
        counts["M10-04"] = world.rows("craftsmen", t).num_rows
        counts["M10-05"] = int(_flags(world.rows("labour_brands", t), "is_active").sum())
    return {name: value for name, value in counts.items() if not np.isnan(value)}


def _flags(table: pa.Table, column: str) -> np.ndarray:
    return np.asarray(table[column].to_numpy(zero_copy_only=False), dtype=bool)


def _share(part: float, whole: float) -> float:
    return float(part / whole) if whole else np.nan


def _of_subsidies(table: pa.Table) -> dict[str, float]:
    kind, person = texts(table, "subsidy_kind"), texts(table, "person_key")
    return {
        "M06-06": int((kind == "employment_award").sum()),
        "M06-07": int((kind == "transport").sum()),
        "M11-02": len(np.unique(person[np.isin(kind, ("social_insurance", "startup"))])),
    }


def _of_insurance(policies: pa.Table, claims: pa.Table) -> dict[str, float]:
    kind, household = texts(policies, "insurance_kind"), texts(policies, "household_key")
    area = policies["insured_area_mu"].fill_null(0).to_numpy()
    is_personal = np.isin(kind, PERSONAL)
    return {
        "M15-01": len(np.unique(household[~is_personal])),
        "M15-02": _share(area[np.isin(kind, _GRAIN)].sum(), area.sum()),
        "M15-03": len(np.unique(household[is_personal])),
        "M15-04": claims["claim_amount"].to_numpy().sum() / 100,
    }


def _of_actions(table: pa.Table) -> dict[str, float]:
    pairs = np.unique(
        np.stack([texts(table, "household_key"), texts(table, "action_code")]), axis=1
    )
    _, actions = np.unique(pairs[0], return_counts=True)
    return {"M04-01": len(actions), "M04-02": _share((actions >= 2).sum(), len(actions))}


def _of_courtyards(table: pa.Table) -> dict[str, float]:
    kind, household = texts(table, "support_kind"), texts(table, "household_key")
    is_accepted = _flags(table, "is_accepted")

    def accepted(which: str) -> int:
        return len(np.unique(household[is_accepted & (kind == which)]))

    return {"M01-07": accepted("new"), "M01-08": accepted("upgraded")}


def _of_credit(world: CountyWorld, t: int) -> dict[str, float]:
    demand, loans = world.rows("credit_demand", t), world.rows("microloans", t)
    is_due = _flags(demand, "is_eligible") & _flags(demand, "is_willing")
    balance = loans["balance"].to_numpy()
    is_enrich = texts(loans, "loan_kind") == "enrich"
    return {
        "M01-04": _share((is_due & _flags(demand, "is_granted")).sum(), is_due.sum()),
        "M01-05": _share(balance[is_enrich].sum(), balance.sum()),
    }


def _of_registers(world: CountyWorld, t: int) -> dict[str, float]:
    assets, graduates = world.rows("household_assets", t), world.rows("graduates", t)
    services = world.rows("employment_services", t)
    is_able = _flags(assets, "is_able_to_develop")
    has_industry = assets["leading_industry"].is_valid().to_numpy()
    is_willing = _flags(services, "is_willing")
    offers = services["guidance_sessions"].to_numpy() + services["job_offers"].to_numpy()
    return {
        "M01-06": _share((is_able & has_industry).sum(), is_able.sum()),
        "M09-03": world.rows("ranger_posts", t).num_rows,
        "M10-03": _share(_flags(graduates, "is_employed").sum(), graduates.num_rows),
        "M11-01": _share((is_willing & (offers > 0)).sum(), is_willing.sum()),
    }
