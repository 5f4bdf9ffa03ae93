"""The people of one county: villages, households and their members over the quarters.

Composition only; what they earn is ``economy``. Persons are rows of parallel arrays ordered by
household. A person belongs to the roster of quarter ``t`` (0 is 2022Q4) while
``entered <= t < left``. Names are invented; identity numbers carry a valid check digit behind the
region prefix 990000, which was never issued.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from orchestration.calendar import FIRST_QUARTER, Quarter
from orchestration.seeds import seed_rows
from orchestration.simulation.assumptions import Assumptions
from orchestration.simulation.plants import Planting
from orchestration.simulation.randomness import stream

HORIZON = 20
"""Quarters that every world lives through (to 2027Q3), whichever of them are written: so a world
does not change when one more quarter is asked for."""

NEVER = 10_000
"""Value of ``left`` for somebody who stays."""

HEAD, SPOUSE, CHILD, PARENT, GRANDCHILD, OTHER = range(6)
RELATIONS = np.array(["head", "spouse", "child", "parent", "grandchild", "other"])

DIED, MARRIED_OUT = 1, 2

MOUNTAIN_COUNTIES = frozenset(
    ("640303", "640323", "640324", "640402", "640422", "640423", "640424", "640425", "640522")
)

_SURNAMES = list("马王李张杨刘陈丁白海金罗哈买虎田赫纳苏冯撒拜吴周赵妥锁摆黑何")
_GIVEN = list(
    "明华国强建军小红秀英玉兰志伟文龙晓燕桂花海东学林正义永福彦虎占山成才淑珍金莲世平耀祖生春"
    "梅雪丽娟芳霞思远佳怡嘉禾子涵浩然雨欣"
)
_WEIGHTS = np.array([7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2])
_CHECK_DIGITS = np.array(list("10X98765432"))


@dataclass(frozen=True)
class Place:
    """One administrative village of ``seeds/villages.csv``."""

    code: str
    name: str
    township: str


@dataclass(frozen=True)
class County:
    """One county unit with its villages."""

    code: str
    name: str
    prefecture: str
    index: int
    places: tuple[Place, ...]


@dataclass
class Population:
    """The households and persons of one county; see the module's docstring."""

    county: County
    quarters: int
    # villages
    places: list[Place]
    # households
    village: np.ndarray
    household_no: np.ndarray
    household_type: np.ndarray
    monitored_since: np.ndarray
    is_risk_resolved: np.ndarray
    is_relocated: np.ndarray
    land: np.ndarray
    forest: np.ndarray
    grass: np.ndarray
    collector: np.ndarray
    # persons
    household: np.ndarray
    relation: np.ndarray
    is_male: np.ndarray
    born_on: np.ndarray
    id_number: np.ndarray
    name: np.ndarray
    is_disabled: np.ndarray
    is_severe: np.ndarray
    frailty: np.ndarray
    chance: np.ndarray
    entered: np.ndarray
    left: np.ndarray
    leave_reason: np.ndarray
    left_on: np.ndarray

    @property
    def households(self) -> int:
        """How many households there are."""
        return len(self.village)

    def present(self, t: int) -> np.ndarray:
        """Return which persons are on the roster of quarter ``t``."""
        return (self.entered <= t) & (t < self.left)

    def size(self, t: int) -> np.ndarray:
        """Return the members of every household in quarter ``t``."""
        return np.bincount(self.household[self.present(t)], minlength=self.households)

    def counted_size(self, t: int) -> np.ndarray:
        """Return the denominator: members at the start of the income year of ``t``, at least 1."""
        return np.maximum(self.size(t - t % 4), 1)

    def age(self, t: int) -> np.ndarray:
        """Return every person's age in whole years at the start of quarter ``t``."""
        start = np.datetime64(quarter_at(t).start, "M")
        return (start - self.born_on.astype("datetime64[M]")).astype(int) // 12

    def heads(self, t: int) -> np.ndarray:
        """Return the index of every household's head: its first member who is of age, or first."""
        present = np.flatnonzero(self.present(t))
        is_minor = self.age(t)[present] < 18
        order = np.lexsort((present, is_minor, self.household[present]))
        first = np.full(self.households, -1)
        ordered = present[order]
        owners, position = np.unique(self.household[ordered], return_index=True)
        first[owners] = ordered[position]
        return first

    def is_student(self, t: int) -> np.ndarray:
        """Return who is at school."""
        age = self.age(t)
        share = np.select(
            [age < 4, age < 7, age < 16, age < 19, age < 23], [0.0, 0.6, 0.995, 0.86, 0.42], 0.0
        )
        return self.frailty < share

    def labour_ability(self, t: int) -> np.ndarray:
        """Return everybody's code of labour ability."""
        age = self.age(t)
        return np.select(
            [
                (age < 16) | self.is_student(t),
                self.is_severe | (age >= 80),
                (age >= 60) | self.is_disabled | (self.frailty > 0.94),
                self.chance > 0.88,
            ],
            ["none", "lost", "weak", "skilled"],
            "ordinary",
        )

    def health(self, t: int) -> np.ndarray:
        """Return everybody's code of health."""
        age = self.age(t)
        return np.select(
            [self.is_disabled, self.frailty > 0.985, self.frailty > 1.02 - age / 220],
            ["disabled", "serious", "chronic"],
            "healthy",
        )


def numbered(prefix: str, number: np.ndarray, width: int) -> np.ndarray:
    """Return texts of a prefix and a number with leading zeros."""
    if not len(number):
        return np.empty(0, dtype="U1")
    return np.char.add(prefix, np.char.zfill(number.astype(str), width))


def quarter_at(t: int) -> Quarter:
    """Return quarter ``t``; 0 is the first for which departments file."""
    return Quarter(FIRST_QUARTER).shift(t)


def quarters_so_far(t: int) -> range:
    """Return the simulated quarters since 1 January, ``t`` included."""
    return range(max(0, t - quarter_at(t).number + 1), t + 1)


def index_of(quarter: Quarter) -> int:
    """Return the index of a quarter; 0 is the first for which departments file."""
    first = Quarter(FIRST_QUARTER)
    return (quarter.start.year - first.start.year) * 4 + quarter.number - first.number


@cache
def load_counties(seeds: Path) -> tuple[County, ...]:
    """Read the 22 county units with their villages (names with 村; no street committees)."""
    rows = seed_rows("counties", seeds)
    places: dict[str, list[Place]] = {row["county_code"]: [] for row in rows}
    for row in seed_rows("villages", seeds):
        if "村" in row["village_name"]:
            places[row["county_code"]].append(
                Place(row["village_code"], row["village_name"], row["township_name"])
            )
    return tuple(
        County(
            row["county_code"],
            row["county_name"],
            row["prefecture_name"],
            index,
            tuple(places[row["county_code"]]),
        )
        for index, row in enumerate(rows)
    )


def village_count(county: County, assumptions: Assumptions, scale: float) -> int:
    """Return how many villages of a county a world of this scale has: at least two."""
    households = assumptions.households_of(county.code, scale)
    return min(len(county.places), max(2, round(households / assumptions.households_per_village)))


def populate(
    county: County,
    assumptions: Assumptions,
    planting: Planting,
    *,
    scale: float,
    seed: int,
    quarters: int = HORIZON,
) -> Population:
    """Invent the people of a county for quarters 0 to ``quarters`` - 1."""
    rng = stream(seed, county.code, "population")
    households = assumptions.households_of(county.code, scale)
    villages = village_count(county, assumptions, scale)
    chosen = np.sort(rng.choice(len(county.places), villages, replace=False))
    places = [county.places[i] for i in chosen]
    village = _spread_over_villages(rng, households, villages, planting.is_very_small)

    persons = _members(rng, households, planting.is_pension_village[village])
    household, relation, is_male, age_years = persons
    born_on = _birthdays(rng, age_years)
    count = len(household)
    entered = np.zeros(count, dtype=int)
    left = np.full(count, NEVER)
    reason = np.zeros(count, dtype=int)
    frailty, chance = rng.random(count), rng.random(count)
    is_disabled = rng.random(count) < np.clip(0.02 + age_years * 0.0011, 0, 0.12)
    is_severe = is_disabled & (rng.random(count) < 0.35)
    left_on = np.full(count, np.datetime64("NaT"), dtype="datetime64[D]")

    for t in range(quarters):
        draw = stream(seed, county.code, "leaving", t)
        age = (np.datetime64(quarter_at(t).start, "M") - born_on.astype("datetime64[M]")).astype(
            int
        ) // 12
        hazard = np.select(
            [age < 40, age < 60, age < 70, age < 80], [0.0001, 0.0006, 0.0028, 0.0085], 0.022
        )
        marries = (relation == CHILD) & ~is_male & (age >= 19) & (age < 29)
        roll = draw.random(count)
        days = draw.integers(0, 90, count)
        for cause, hit in (
            (DIED, roll < hazard),
            (MARRIED_OUT, marries & (roll > 1 - 0.006)),
        ):
            now = hit & (left == NEVER) & (t > 0)
            left[now], reason[now] = t, cause
            left_on[now] = np.datetime64(quarter_at(t).start) + days[now]

    household, relation, is_male, born_on, entered = _with_births(
        seed, county, quarters, household, relation, is_male, born_on, entered, age_years
    )
    born = len(household) - count
    grow = stream(seed, county.code, "births")
    frailty = np.append(frailty, grow.random(born))
    chance = np.append(chance, grow.random(born))
    is_disabled = np.append(is_disabled, np.zeros(born, dtype=bool))
    is_severe = np.append(is_severe, np.zeros(born, dtype=bool))
    left = np.append(left, np.full(born, NEVER))
    reason = np.append(reason, np.zeros(born, dtype=int))
    left_on = np.append(left_on, np.full(born, np.datetime64("NaT"), dtype="datetime64[D]"))

    id_number = _identity_numbers(county.index, born_on, is_male)
    surname = rng.integers(0, len(_SURNAMES), households)
    name = _names(stream(seed, county.code, "names"), household, relation, is_male, surname)
    order = np.argsort(household, kind="stable")

    is_mountain = county.code in MOUNTAIN_COUNTIES
    land = rng.gamma(4.0, 3.2 if is_mountain else 1.6, households)
    spread = planting.spread[village]
    land = np.round(np.median(land) * (land / np.median(land)) ** spread, 1)
    has_forest = rng.random(households) < (0.34 if is_mountain else 0.05)
    has_grass = rng.random(households) < (0.22 if is_mountain else 0.03)
    kind = rng.choice(
        ["lifted", "unstable", "edge", "sudden"], households, p=[0.91, 0.035, 0.035, 0.02]
    )
    since = np.datetime64("2020-03") + rng.integers(0, 30, households)
    return Population(
        county=county,
        quarters=quarters,
        places=places,
        village=village,
        household_no=numbered(f"H{county.code}", np.arange(households) + 1, 7),
        household_type=kind,
        monitored_since=np.where(
            kind == "lifted", np.datetime64("NaT"), since.astype("datetime64[D]")
        ),
        is_risk_resolved=rng.random(households) < 0.6,
        is_relocated=(rng.random(households) < (0.16 if is_mountain else 0.04)) | (spread < 1),
        land=land,
        forest=np.where(has_forest, np.round(rng.gamma(2.0, 4.0, households), 1), 0.0),
        grass=np.where(has_grass, np.round(rng.gamma(2.0, 30.0, households), 1), 0.0),
        collector=_collectors(county, village, planting.copies_for),
        household=household[order],
        relation=relation[order],
        is_male=is_male[order],
        born_on=born_on[order],
        id_number=id_number[order],
        name=name[order],
        is_disabled=is_disabled[order],
        is_severe=is_severe[order],
        frailty=frailty[order],
        chance=chance[order],
        entered=entered[order],
        left=left[order],
        leave_reason=reason[order],
        left_on=left_on[order],
    )


def _spread_over_villages(
    rng: np.random.Generator, households: int, villages: int, is_very_small: np.ndarray
) -> np.ndarray:
    weights = rng.lognormal(0, 0.45, villages) * np.where(is_very_small, 0.06, 1.0)
    rest = rng.choice(villages, households - 3 * villages, p=weights / weights.sum())
    return np.sort(np.concatenate([np.repeat(np.arange(villages), 3), rest]))


def _members(
    rng: np.random.Generator, households: int, is_elderly: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    head_age = np.clip(np.round(rng.normal(50, 12.5, households)), 24, 84)
    head_age = np.where(is_elderly, np.round(52 + head_age * 0.36), head_age)
    head_male = rng.random(households) < 0.88
    columns: list[tuple[np.ndarray, int, np.ndarray, np.ndarray]] = []

    def add(present: np.ndarray, relation: int, male: np.ndarray, age: np.ndarray) -> None:
        columns.append((present, relation, male, np.clip(np.round(age), 0, 97)))

    everyone = np.ones(households, dtype=bool)
    add(everyone, HEAD, head_male, head_age)
    spouse_share = np.where(head_age < 65, 0.9, 0.66)
    add(
        rng.random(households) < spouse_share,
        SPOUSE,
        ~head_male,
        head_age - rng.normal(2, 2.5, households),
    )
    at_home = np.select([head_age < 30, head_age < 48, head_age < 62], [1.2, 2.0, 1.35], 0.55)
    children = rng.poisson(at_home)
    first_child = head_age - rng.normal(24.5, 2.5, households)
    for rank in range(4):
        age = first_child - rank * rng.uniform(1.5, 3.5, households)
        add((children > rank) & (age >= 0), CHILD, rng.random(households) < 0.54, age)
    for male in (True, False):
        age = head_age + rng.normal(25, 3, households)
        is_alive = rng.random(households) < np.clip(0.36 - (age - 62) * 0.012, 0, 0.36)
        add(is_alive, PARENT, np.full(households, male), age)
    grandchildren = np.where((head_age > 48) & (children > 0), rng.poisson(0.75, households), 0)
    for rank in range(2):
        age = np.clip(first_child - 24 - rank * 2.5 + rng.normal(0, 2, households), 0, 20)
        is_there = (grandchildren > rank) & (first_child > 22)
        add(is_there, GRANDCHILD, rng.random(households) < 0.53, age)
    in_law = (grandchildren > 0) & (first_child > 22) & (rng.random(households) < 0.75)
    add(in_law, OTHER, np.zeros(households, dtype=bool), first_child - 1)

    parts = [
        (np.flatnonzero(present), np.full(present.sum(), relation), male[present], age[present])
        for present, relation, male, age in columns
    ]
    household, relation, is_male, age = (
        np.concatenate(column) for column in zip(*parts, strict=True)
    )
    return household, relation, is_male, age


def _birthdays(rng: np.random.Generator, age: np.ndarray) -> np.ndarray:
    start = np.datetime64(FIRST_QUARTER, "D")
    days = (age * 365.25).astype(int) + rng.integers(1, 365, len(age))
    return start - days


def _with_births(
    seed: int,
    county: County,
    quarters: int,
    household: np.ndarray,
    relation: np.ndarray,
    is_male: np.ndarray,
    born_on: np.ndarray,
    entered: np.ndarray,
    age: np.ndarray,
) -> tuple[np.ndarray, ...]:
    """Append the children who are born from quarter 1 on."""
    is_mother = ~is_male & (age >= 19) & (age <= 38) & (relation != CHILD)
    mothers = np.flatnonzero(is_mother)
    parts = [(household, relation, is_male, born_on, entered)]
    for t in range(1, quarters):
        rng = stream(seed, county.code, "birth", t)
        giving = mothers[rng.random(len(mothers)) < 0.014]
        kind = np.where(relation[giving] == OTHER, GRANDCHILD, CHILD)
        male = rng.random(len(giving)) < 0.52
        day = np.datetime64(quarter_at(t).start) + rng.integers(0, 85, len(giving))
        parts.append((household[giving], kind, male, day, np.full(len(giving), t)))
    return tuple(np.concatenate(column) for column in zip(*parts, strict=True))


def _identity_numbers(county_index: int, born_on: np.ndarray, is_male: np.ndarray) -> np.ndarray:
    """Number everybody; each county owns 22 serial numbers per day and sex, so none is reused."""
    slots = 22
    day = born_on.copy()
    position = np.arange(len(day))
    while True:
        key = day.astype(int) * 2 + is_male
        order = np.argsort(key, kind="stable")
        is_first = np.r_[True, np.diff(key[order]) != 0]
        serial = np.empty(len(day), dtype=int)
        serial[order] = position - np.maximum.accumulate(np.where(is_first, position, 0))
        if (serial < slots).all():
            break
        day = np.where(serial < slots, day, day - 1)
    born_on[:] = day
    return identity_numbers(day, 2 * (county_index * slots + serial) + is_male + 2)


def identity_numbers(born_on: np.ndarray, serial: np.ndarray) -> np.ndarray:
    """Return valid 18-character numbers of the unissued region 990000.

    Serial numbers from 970 on belong to nobody on a roster.
    """
    if not len(born_on):
        return np.empty(0, dtype="U18")
    text = np.char.add(
        "990000", np.char.replace(born_on.astype("datetime64[D]").astype(str), "-", "")
    )
    text = np.char.add(text, np.char.zfill(serial.astype(str), 3))
    digits = text.astype("U17").view("U1").reshape(-1, 17).astype(int)
    return np.char.add(text, _CHECK_DIGITS[(digits @ _WEIGHTS) % 11])


def _names(
    rng: np.random.Generator,
    household: np.ndarray,
    relation: np.ndarray,
    is_male: np.ndarray,
    surname: np.ndarray,
) -> np.ndarray:
    """Give the head's family name down the male line and to children; others bring their own."""
    surnames, given = np.array(_SURNAMES), np.array(_GIVEN)
    count = len(household)
    own = rng.integers(0, len(surnames), count)
    shares = np.isin(relation, (HEAD, CHILD, GRANDCHILD)) | ((relation == PARENT) & is_male)
    family = surnames[np.where(shares, surname[household], own)]
    first = given[rng.integers(0, len(given), count)]
    second = np.where(rng.random(count) < 0.72, given[rng.integers(0, len(given), count)], "")
    return np.char.add(np.char.add(family, first), second)


def _collectors(county: County, village: np.ndarray, lead: np.ndarray) -> np.ndarray:
    """One collector looks after about twenty neighbouring households of a village.

    Where a village has a lead, that village's first collector has its first households too.
    """
    start = np.r_[0, np.flatnonzero(np.diff(village)) + 1]
    within = np.arange(len(village)) - np.repeat(start, np.diff(np.r_[start, len(village)]))
    is_lent = (lead[village] >= 0) & (within < 20)
    number = np.char.add(
        np.char.zfill((np.where(is_lent, lead[village], village) + 1).astype(str), 3),
        np.char.zfill((within // 20 + 1).astype(str), 2),
    )
    return np.char.add(f"CJ{county.code}", number)
