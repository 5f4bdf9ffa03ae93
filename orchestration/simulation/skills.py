"""Records of training, graduates, craftsmen and labour brands."""

import numpy as np
import pyarrow as pa

from orchestration.calendar import Quarter
from orchestration.simulation.job_support import LAST_WORKING_AGE
from orchestration.simulation.population import NEVER, index_of, numbered, quarter_at
from orchestration.simulation.randomness import stream
from orchestration.simulation.schooling import education_level
from orchestration.simulation.world import CountyWorld, payee_columns, row_set

_TAUGHT_IN = (0.22, 0.30, 0.18, 0.30)
_PLAN_BEGINS = index_of(Quarter.of(2024, 1))
_PLAN_QUARTERS = 8


def training_records(world: CountyWorld, t: int) -> pa.Table:
    """Courses of the quarter, person by person; a few still run when it ends."""
    people, quarter = world.people, quarter_at(t)
    skills = world.assumptions.skills
    age = people.age(t)
    is_able = np.isin(people.labour_ability(t), ("ordinary", "skilled", "weak"))
    fits = np.flatnonzero(is_able & (age <= LAST_WORKING_AGE) & people.present(t))
    rng = world.stream("training", t)
    count = world.scaled(skills.trained_per_year * _TAUGHT_IN[quarter.number - 1])
    person = rng.permutation(fits)[:count]
    course = np.arange(len(person)) // skills.course_size
    courses = len(person) // skills.course_size + 1
    kind = np.where(rng.random(courses) < skills.labour_skill_share, "labour_skill", "practical")
    mode = rng.choice(["enterprise", "cooperative", "ordinary"], courses, p=[0.35, 0.25, 0.4])
    start = np.datetime64(quarter.start)
    first = start + rng.integers(3, 84, courses)
    # Within a year a few courses of the quarter before are reported when they have ended.
    is_late = (rng.random(courses) < 0.05) & (quarter.number > 1)
    first = np.where(is_late, start - rng.integers(1, 6, courses), first)
    last = first + rng.integers(6, 16, courses)
    runs = last > np.datetime64(quarter.end)
    label = f"PX{people.county.code}{quarter.label}"
    passes = rng.random(len(person)) < np.where(kind[course] == "labour_skill", 0.86, 0.35)
    return row_set(
        world,
        "training_records",
        **payee_columns(world, person),
        course_no=numbered(label, course + 1, 4),
        training_kind=kind[course],
        training_mode=(mode[course], rng.random(len(person)) < 0.03),
        started_on=first[course],
        ended_on=(last[course], runs[course]),
        is_certified=passes & ~runs[course],
    )


def graduates(world: CountyWorld, t: int) -> pa.Table:
    """Who left school in the last summer, and whether they have work or study on by now."""
    people, work, quarter = world.people, world.economy.employment, quarter_at(t)
    year = quarter.start.year - (quarter.number < 3)
    july = index_of(Quarter.of(year, 3))
    age = (np.datetime64(f"{year}-07") - people.born_on.astype("datetime64[M]")).astype(int) // 12
    # By ``Population.is_student`` they were at school a year before and are no longer.
    school = education_level(world, july - 4)
    is_pupil = (age == 19) & (people.frailty >= 0.42) & (school == "vocational")
    is_student = (age == 23) & (school != "")
    here = np.flatnonzero((is_pupil | is_student) & people.present(t))
    rng = world.stream("graduates", year)
    persons = len(people.household)
    graduated = np.datetime64(f"{year}-06-12") + rng.integers(0, 25, persons)
    university = np.where(rng.random(persons) < 0.06, "graduate", "bachelor")
    level = np.where(school == "vocational", "college", university)
    level = np.where(is_pupil, "vocational", level)
    # Who works by the economy is employed; the others find work or study on sooner or later.
    luck = rng.random(persons)
    shares = np.array(world.assumptions.skills.graduates_employed)
    first = np.searchsorted(shares, luck)
    for step in (1, 0):
        if 0 <= july + step <= t:
            first = np.where(work.months[:, july + step] > 0, np.minimum(first, step), first)
    starts = np.array([np.datetime64(q.start) for q in (quarter_at(july + i) for i in range(4))])
    begun = starts[np.minimum(first, 3)] + rng.integers(12, 85, persons)
    is_employed = (first < len(shares)) & (begun <= np.datetime64(quarter.end))
    is_unknown = rng.random(persons) < 0.04
    return row_set(
        world,
        "graduates",
        **payee_columns(world, here),
        graduated_on=graduated[here],
        education_level=level[here],
        is_employed=is_employed[here],
        employed_on=(begun[here], (~is_employed | is_unknown)[here]),
    )


def craftsmen(world: CountyWorld, t: int) -> pa.Table:
    """Craftsmen recognised under the plan so far; the region's number is shared out by county."""
    people, code = world.people, world.people.county.code
    weights = world.assumptions.county_weights
    edges = np.cumsum(list(weights.values())) / sum(weights.values())
    mine = list(weights).index(code)
    share = weights[code] / sum(weights.values())
    scale = people.households / (world.assumptions.households_at_full_scale * share)
    total = max(1, round(world.assumptions.skills.craftsmen * scale))
    place = np.searchsorted(edges, (np.arange(total) + 0.5) / total)
    turn = stream(world.seed, "craftsmen").permutation(total) * _PLAN_QUARTERS // total
    recognised = _PLAN_BEGINS + turn[place == mine]
    age = people.age(_PLAN_BEGINS)
    stays = (people.entered == 0) & (people.left == NEVER) & (age >= 28) & (age < 62)
    rng = world.stream("craftsmen")
    person = rng.permutation(np.flatnonzero(stays))[: len(recognised)]
    recognised = recognised[: len(person)]
    starts = np.array([quarter_at(q).start for q in recognised], dtype="datetime64[D]")
    day = starts + rng.integers(5, 85, len(person))
    craft = rng.choice(
        ["embroidery", "wood", "building", "food", "textile", "other"],
        len(person),
        p=[0.26, 0.12, 0.2, 0.22, 0.1, 0.1],
    )
    apprentices = rng.integers(0, 7, len(person))
    is_unknown = rng.random(len(person)) < 0.1
    known = recognised <= t
    return row_set(
        world,
        "craftsmen",
        **payee_columns(world, person[known]),
        craft=craft[known],
        recognised_on=day[known],
        apprentices=(apprentices[known], is_unknown[known]),
    )


def labour_brands(world: CountyWorld, t: int) -> pa.Table:
    """The county's labour brands: two or three, in a few counties one until 2025."""
    people = world.people
    rng = world.stream("labour brands")
    count = int(rng.integers(2, 4))
    kinds = ["月嫂", "建筑工匠", "枸杞采摘工", "家政员", "面点师", "电焊工", "护理员", "剪纸匠人"]
    name = np.char.add(people.county.name, rng.permutation(kinds)[:count])
    registered = np.datetime64("2020-03-01") + rng.integers(0, 900, count)
    if rng.random() < world.assumptions.skills.late_brand_share:
        registered[1:] = np.datetime64("2025-01-10") + rng.integers(0, 150, count - 1)
    workers = np.maximum(20, np.round(world.scaled(60_000) * rng.uniform(0.05, 0.3, count), -1))
    growth = 1 + 0.01 * t
    is_known = registered <= np.datetime64(quarter_at(t).end)
    is_unstated = world.stream("brand workers", t).random(count) < 0.06
    return row_set(
        world,
        "labour_brands",
        brand_no=numbered(f"LB{people.county.code}", np.arange(count) + 1, 2)[is_known],
        brand_name=name[is_known],
        registered_on=registered[is_known],
        workers=(np.round(workers * growth)[is_known], is_unstated[is_known]),
        is_active=np.ones(int(is_known.sum()), dtype=bool),
    )
