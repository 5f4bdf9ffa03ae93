"""Records of aid to students."""

import numpy as np
import pyarrow as pa

from orchestration.simulation.population import quarter_at
from orchestration.simulation.rosters import listed_persons
from orchestration.simulation.world import CountyWorld, payee_columns, row_set, vouchers

_YULU = "yulu"


def education_level(world: CountyWorld, t: int) -> np.ndarray:
    """Return everybody's stage of education; empty for who is no pupil of a school."""
    people, schools = world.people, world.assumptions.safeguards
    age, choice = people.age(t), world.stream("kind of school").random(len(people.household))
    level = np.select(
        [age < 7, age < 16, age < 19, age >= 19],
        [
            "",
            "compulsory",
            np.where(choice < schools.vocational_share_of_high_school, "vocational", "high_school"),
            np.where(choice < schools.vocational_share_of_college, "vocational", "university"),
        ],
        "",
    )
    return np.where(people.is_student(t), level, "")


def _granted(world: CountyWorld, t: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return persons, kinds of aid and levels granted in a term, which is spring or autumn."""
    people, schools = world.people, world.assumptions.safeguards
    person = listed_persons(world, t)
    level = education_level(world, t)[person]
    need = world.stream("need of aid").random(len(people.household))[person]
    share = people.households / world.assumptions.households_at_full_scale
    places = round(schools.yulu_payments_at_full_scale / 2 * share)
    vocational = np.flatnonzero(level == "vocational")
    gets_yulu = np.zeros(len(person), dtype=bool)
    gets_yulu[vocational[np.argsort(need[vocational], kind="stable")][:places]] = True
    # Whoever needs aid most gets 雨露计划 first and the school's own aid as well.
    aided = np.select(
        [level == name for name in schools.aid_share],
        [need < limit for limit in schools.aid_share.values()],
        False,
    )
    yulu, other = np.flatnonzero(gets_yulu), np.flatnonzero(aided)
    kind = np.concatenate([np.full(len(yulu), _YULU, dtype="U11"), level[other]])
    chosen = np.concatenate([yulu, other])
    return person[chosen], kind, level[chosen]


def student_aid(world: CountyWorld, t: int) -> pa.Table:
    """Aid of a term; what comes late is paid in the quarter after."""
    quarter, schools = quarter_at(t), world.assumptions.safeguards
    is_term = quarter.number in (2, 4)
    term = t if is_term else t - 1
    person, kind, level = _granted(world, term)
    late = world.stream("aid", term).random(len(person)) < (
        world.assumptions.records.late_payment_share
    )
    now = ~late if is_term else late
    person, kind, level = person[now], kind[now], level[now]
    yuan = np.select(
        [kind == _YULU, *(kind == name for name in schools.aid_yuan)],
        [schools.yulu_yuan, *schools.aid_yuan.values()],
        0,
    )
    rng = world.stream("aid paid", t)
    return row_set(
        world,
        "student_aid",
        payment_no=vouchers(world, "ZX", t, len(person)),
        **payee_columns(world, person),
        aid_kind=kind,
        education_level=level,
        amount=yuan * 100,
        paid_on=np.datetime64(quarter.start) + rng.integers(15, 88, len(person)),
    )
