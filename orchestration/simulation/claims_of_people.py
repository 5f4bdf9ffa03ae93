"""What a county counts for the indicators of persons and households.

Every figure is counted over the rows that the departments file for the county, since 1 January.
"""

from collections.abc import Iterable
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from orchestration.simulation.population import quarters_so_far
from orchestration.simulation.world import CountyWorld

_REIMBURSEMENTS = ("paid_basic", "paid_major", "paid_assistance")


def people_counts(world: CountyWorld, t: int) -> dict[str, float]:
    """Return the county's own figure by indicator id; ratios as fractions, money in yuan."""
    since_january = partial(world.rows_so_far, t=t)
    aid, medical = since_january("student_aid"), since_january("medical_expenses")
    assisted = medical.filter(pc.greater(medical["paid_assistance"], 0))
    compensation = since_january("ecological_compensation")
    is_grassland = pc.equal(compensation["compensation_kind"], "grassland")
    reimbursed = sum(_sum(medical, name) for name in _REIMBURSEMENTS)
    counts = {
        "M10-02": pc.sum(pc.equal(aid["aid_kind"], "yulu")).as_py() or 0,
        "M12-03": _taken_in(since_january("relief_reviews")),
        "M12-04": _subsidised(world, t),
        "M12-05": _distinct(since_january("temporary_relief"), "person_key"),
        "M12-06": _distinct(assisted, "person_key"),
        "M12-07": _distinct(since_january("disaster_relief"), "household_key"),
        "M14-02": _sum(compensation.filter(is_grassland), "amount") / 100,
        "M14-03": _to_the_right_household(world, quarters_so_far(t)),
        "M19-01": _distinct(aid, "person_key"),
        "M19-02": _share(world.rows("insurance_enrolment", t), "is_enrolled"),
        "M19-03": _ratio(reimbursed, _sum(medical, "total_cost")),
        "M19-04": _share(world.rows("housing_safety", t), "is_safe"),
        "M19-05": _share(world.rows("water_safety", t), "is_safe"),
        "M19-06": _share(world.rows("serious_illness", t), "is_treated"),
    }
    return {name: value for name, value in counts.items() if value is not None}


def _taken_in(reviews: pa.Table) -> float | None:
    """Return the households taken in per household that qualifies, by their latest review."""
    latest = (
        reviews.sort_by("reviewed_on")
        .group_by("household_key", use_threads=False)
        .aggregate([("is_eligible", "last"), ("is_granted", "last")])
    )
    qualifying = latest.filter(latest["is_eligible_last"])
    return _share(qualifying, "is_granted_last")


def _subsidised(world: CountyWorld, t: int) -> float | None:
    """Return the persons paid in the quarter per person to whom either subsidy is due."""
    register = world.rows("disability_register", t)
    due = register.filter(pc.or_(register["is_living_due"], register["is_nursing_due"]))
    paid = pc.is_in(due["person_key"], world.rows("disability_subsidies", t)["person_key"])
    return _ratio(pc.sum(paid).as_py() or 0, due.num_rows)


def _to_the_right_household(world: CountyWorld, quarters: Iterable[int]) -> float | None:
    """Return the part of the subsidies paid that went to a living member of a listed household."""
    right = total = 0
    for q in quarters:
        payments, roster = world.rows("one_card_payments", q), world.rows("person_roster", q)
        paid = payments.filter(pc.equal(payments["payment_status"], "paid"))
        is_right = pc.is_in(paid["person_key"], roster["person_key"])
        right += _sum(paid.filter(is_right), "amount")
        total += _sum(paid, "amount")
    return _ratio(right, total)


def _sum(table: pa.Table, column: str) -> int:
    return int(pc.sum(table[column]).as_py() or 0)


def _distinct(table: pa.Table, column: str) -> int:
    return int(pc.count_distinct(table[column]).as_py())


def _share(table: pa.Table, column: str) -> float | None:
    """Return the part of the rows that say yes."""
    return _ratio(pc.sum(table[column]).as_py() or 0, table.num_rows)


def _ratio(part: float, whole: float) -> float | None:
    """Return the quotient; None where there is nothing to divide by: nothing is claimed then."""
    return part / whole if whole else None
