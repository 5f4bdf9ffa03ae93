"""What is planted in which village: fabrications and their honest look-alikes.

``plan`` chooses villages of the region, ``planting_of`` says what the truth of a county has to obey
for it, ``fabricate`` lets the fabrications act on the reports. Labels go to ``truth/`` and nowhere
else. Fabrications are described in ``fabrications``; a look-alike is a line in ``LOOK_ALIKES`` and
an array of ``Planting`` which the honest world obeys.

For each signal of the guard there is a fabrication that it must find and a look-alike that it must
spare:

====  ==================================  ====================================================
S1    wages_above_payroll                 cash_wages (no record, but so from the start)
S2    dividends_on_paper, counted_twice   late_payroll (the record comes a quarter later)
S3    uniform_growth                      pension_village (most items follow rules)
S4    uniform_growth_of_one_item          wage_award, contract_price
S5    uniform_growth_of_one_item          wage_award, contract_price, industrial_boom
S6    copy_forward, collector_copy        land_rent_standard (rents repeat)
S7    variance_collapse                   resettled_homogeneous, flat_dividend
S8    back_allocated                      industrial_boom (beyond any target, in truth)
S9    heaping                             elderly_rounders; new_clerk_rounder, which will alarm
S10   rescaled                            app_collection (exact amounts from one quarter on)
S11   clones                              coop_twins
S12   invention                           drought_recovery, very_small
S13   uniform_growth                      pension_village
S14   county_overstated                   industrial_boom
S15   cost_left_out, land_beyond_capacity contract_price, drought_recovery
S16   pay_after_death, two_posts          late_payroll (pay for the last month comes after death)
S17   loans_as_income                     drought_recovery (borrows, and earns more again)
S18   over_the_line                       real_graduation
S19   late_revisions                      clerk_catch_up
S20   dropped_members                     pension_village (members die, and it is on record)
none  informed                            (expected to be missed)
====  ==================================  ====================================================
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from orchestration.simulation.fabrications import FABRICATIONS, Village, make_up
from orchestration.simulation.randomness import stream

DOSES = ("weak", "medium", "strong")
LOOK_ALIKES: dict[str, tuple[str, ...]] = {
    "wage_award": ("S4", "S5"),
    "flat_dividend": ("S7",),
    "elderly_rounders": ("S9",),
    "late_payroll": ("S2", "S16"),
    "very_small": ("S12",),
    "industrial_boom": ("S5", "S8", "S14"),
    "land_rent_standard": ("S6",),
    "pension_village": ("S3", "S13", "S20"),
    "contract_price": ("S4", "S5", "S15"),
    "resettled_homogeneous": ("S7",),
    "real_graduation": ("S18",),
    "drought_recovery": ("S12", "S15", "S17"),
    "cash_wages": ("S1",),
    "clerk_catch_up": ("S19",),
    "coop_twins": ("S11",),
    "app_collection": ("S10",),
    "new_clerk_rounder": ("S9",),
}
"""Honest villages by what is odd about them, with the signals that they tempt."""

LOOK_ALIKE_SHARE = 0.12
RULED = ("wage_award", "contract_price", "flat_dividend", "land_rent_standard")
"""Look-alikes that follow a rule which the county may have registered."""

NEVER = -1
WHOLE_COUNTY = -1

_FROM_THE_START = (
    "flat_dividend",
    "elderly_rounders",
    "very_small",
    "land_rent_standard",
    "pension_village",
    "resettled_homogeneous",
    "cash_wages",
    "coop_twins",
)
_LARGEST_SHARE = 0.2
_REGISTERED_SHARE = 0.85
_YEAR_END_EVERY = 4
_FOLLOWERS = 2


@dataclass(frozen=True)
class Plant:
    """One label: what was planted where, how strongly, from which quarter on.

    ``village`` is ``WHOLE_COUNTY`` where all villages are concerned; ``lead`` is the village whose
    collector copies, NEVER for other types; ``is_registered`` says of a look-alike that follows a
    rule whether the county has registered the rule, None for all others.
    """

    village: int
    kind: str
    type: str
    dose: str | None
    first: int
    is_year_end: bool = False
    lead: int = NEVER
    is_registered: bool | None = None

    @property
    def strength(self) -> int:
        """0 for weak, 1 for medium, 2 for strong."""
        return DOSES.index(self.dose or "weak")

    @property
    def mechanism(self) -> str | None:
        """What the guard calls it (``seeds/signals.csv``); None for what it cannot see."""
        return FABRICATIONS[self.type].mechanism if self.kind == "fabrication" else None


@dataclass
class Planting:
    """What the truth of one county has to obey, by village, and the plants behind it."""

    plants: tuple[Plant, ...]
    is_very_small: np.ndarray
    flat_dividends: np.ndarray  # fen per household and year, 0 for none
    late_payroll: np.ndarray  # [village, quarter] the quarter's last pay came a quarter later
    wage_award_year: np.ndarray  # index of the income year of one award for all, -1 for none
    award_growth: float
    ghosts: np.ndarray  # public posts that go on being paid after the holder's death
    second_posts: np.ndarray  # [village, quarter] holders of a post who are paid for a second one
    wage_factor: np.ndarray  # [village, income year] what an industrial boom does to all wages
    harvest_factor: np.ndarray  # [village, income year] what a drought leaves of the harvest
    contract_year: np.ndarray  # index of the income year of one crop price for all, -1 for none
    rent_standard: np.ndarray  # fen per mu and year, 0 for rents of the household's own
    is_pension_village: np.ndarray
    spread: np.ndarray  # how unlike each other households are, 1 usually
    top_ups_from: np.ndarray  # quarter from which households are paid up to the line, -1 never
    cash_share: np.ndarray  # workers who are paid in cash and stand in no record
    has_coop: np.ndarray
    is_caught_up: np.ndarray  # [village, quarter] the clerk imports the forms in one minute
    exact_from: np.ndarray  # quarter from which amounts are collected exactly, -1 never
    rounds_from: np.ndarray  # quarter from which amounts are rounded to 500 yuan, -1 never
    revised: np.ndarray  # [village, quarter] a second version comes after the deadline
    copies_for: np.ndarray  # village whose collector also looks after households here, -1 none
    inflated_claims: dict[str, float] = field(default_factory=dict)
    """Indicators of which the county claims more than it has counted, and by what factor."""

    @property
    def has_fabrication(self) -> bool:
        """Whether any figure is made up in the county."""
        return any(plant.kind == "fabrication" for plant in self.plants)


CONTRACT_GROWTH = 0.16
"""What one crop price for all adds to a year's planting income."""
TOP_UP_FROM, POVERTY_LINE = 1_000_000, 1_200_000
"""Fen per person and year: who has at least the first is paid up to the second."""


def plan(
    seed: int,
    villages: Sequence[int],
    fabrication_share: float,
    *,
    types: Collection[str] | None = None,
    doses: Collection[str] = DOSES,
    has_look_alikes: bool = True,
) -> list[list[Plant]]:
    """Choose villages of the whole region for plants; returns each county's.

    Args:
        seed: of the simulation.
        villages: how many villages each county has.
        fabrication_share: share of all villages in which figures are made up, 0 to 0.2; above 0
            there is at least one.
        types: fabrications to choose from, all of them if None. ``county_overstated`` is done to
            the same share of the counties and comes on top.
        doses: strengths to choose from.
        has_look_alikes: whether honest look-alikes are planted too.

    Raises:
        ValueError: the share is out of range, or there is no such type or dose.
    """
    names = tuple(FABRICATIONS) if types is None else tuple(types)
    if not 0 <= fabrication_share <= _LARGEST_SHARE:
        raise ValueError(f"fabrication share must lie in [0, {_LARGEST_SHARE}]")
    if not names or not set(names) <= FABRICATIONS.keys():
        raise ValueError(f"fabrications must be some of {', '.join(FABRICATIONS)}")
    if not doses or not set(doses) <= set(DOSES):
        raise ValueError(f"doses must be some of {', '.join(DOSES)}")
    rng = stream(seed, "plants")
    total = sum(villages)
    kinds = [
        (name, dose)
        for dose in ("medium", "strong", "weak")
        if dose in doses
        for name in names
        if name != "county_overstated"
    ]
    order = rng.permutation(total)
    fabricated = 0
    if fabrication_share > 0 and kinds:
        fabricated = max(1, round(total * fabrication_share))
    shift = int(rng.integers(0, max(1, len(kinds))))
    labels: dict[int, Plant] = {}
    for number in range(fabricated):
        name, dose = kinds[(number + shift) % len(kinds)]
        waits = number % _YEAR_END_EVERY == _YEAR_END_EVERY - 1
        labels[int(order[number])] = _fabrication(name, dose, rng, is_year_end=waits)
    alike = max(len(LOOK_ALIKES), round(total * LOOK_ALIKE_SHARE)) if has_look_alikes else 0
    for number, index in enumerate(order[fabricated : fabricated + alike]):
        name = list(LOOK_ALIKES)[number % len(LOOK_ALIKES)]
        is_registered = bool(rng.random() < _REGISTERED_SHARE) if name in RULED else None
        first = 4 * int(rng.integers(1, 3)) * (name not in _FROM_THE_START)
        labels[int(index)] = Plant(0, "look_alike", name, None, first, is_registered=is_registered)
    result: list[list[Plant]] = []
    offset = 0
    for count in villages:
        mine = {i: labels[offset + i] for i in range(count) if offset + i in labels}
        result.append(_with_followers([replace(p, village=i) for i, p in mine.items()], count))
        offset += count
    if fabrication_share > 0 and "county_overstated" in names:
        chosen = rng.permutation(len(villages))[: max(1, round(len(villages) * fabrication_share))]
        for number, county in enumerate(chosen):
            strengths = [dose for dose in ("medium", "strong", "weak") if dose in doses]
            plant = _fabrication("county_overstated", strengths[number % len(strengths)], rng)
            result[county].insert(0, replace(plant, village=WHOLE_COUNTY))
    return result


def _fabrication(
    name: str, dose: str, rng: np.random.Generator, *, is_year_end: bool = False
) -> Plant:
    """Return a label without a village, that begins in one of the quarters it may begin in."""
    kind = FABRICATIONS[name]
    first = int(kind.starts[rng.integers(0, len(kind.starts))])
    waits = is_year_end and kind.can_wait
    # Of a year-end figure the whole income year is made up.
    return Plant(0, "fabrication", name, dose, first - first % 4 + 3 if waits else first, waits)


def _with_followers(plants: list[Plant], villages: int) -> list[Plant]:
    """Give a collector who copies households in neighbouring villages that have no label."""
    taken = {plant.village for plant in plants}
    result = []
    for plant in plants:
        if plant.type != "collector_copy":
            result.append(plant)
            continue
        others = [(plant.village + step) % villages for step in range(1, villages)]
        follow = [other for other in others if other not in taken][:_FOLLOWERS]
        taken.update(follow)
        result += [replace(plant, village=v, lead=plant.village) for v in (plant.village, *follow)]
    return result


_INFLATABLE = ("M06-01", "M06-04", "M01-02", "M03-02", "M08-01", "M09-01", "M10-01", "M04-01")
_INFLATION = (1.08, 1.15, 1.25)
_INFLATED_PER_COUNTY = 2


def plan_claims(seed: int, counties: int, fabrication_share: float) -> list[dict[str, float]]:
    """Choose counties that claim more for a measure than they have counted; by factor.

    The share of counties is the share of villages in which figures are made up, at least one.
    """
    inflated: list[dict[str, float]] = [{} for _ in range(counties)]
    if fabrication_share <= 0:
        return inflated
    rng = stream(seed, "claims planted")
    for number, county in enumerate(
        rng.permutation(counties)[: max(1, round(counties * fabrication_share))]
    ):
        chosen = rng.choice(_INFLATABLE, _INFLATED_PER_COUNTY, replace=False)
        factor = _INFLATION[(number + 1) % len(_INFLATION)]
        inflated[county] = {str(indicator): factor for indicator in chosen}
    return inflated


def planting_of(
    plants: Sequence[Plant], *, villages: int, quarters: int, award_growth: float
) -> Planting:
    """Return what the truth has to obey so that the look-alikes and ghosts come about."""
    years = -(-quarters // 4)
    never = np.full(villages, NEVER)
    planting = Planting(
        plants=tuple(plants),
        is_very_small=np.zeros(villages, dtype=bool),
        flat_dividends=np.zeros(villages, dtype=np.int64),
        late_payroll=np.zeros((villages, quarters), dtype=bool),
        wage_award_year=never.copy(),
        award_growth=award_growth,
        ghosts=np.zeros(villages, dtype=int),
        second_posts=np.zeros((villages, quarters), dtype=int),
        wage_factor=np.ones((villages, years)),
        harvest_factor=np.ones((villages, years)),
        contract_year=never.copy(),
        rent_standard=np.zeros(villages, dtype=np.int64),
        is_pension_village=np.zeros(villages, dtype=bool),
        spread=np.ones(villages),
        top_ups_from=never.copy(),
        cash_share=np.zeros(villages),
        has_coop=np.zeros(villages, dtype=bool),
        is_caught_up=np.zeros((villages, quarters), dtype=bool),
        exact_from=never.copy(),
        rounds_from=never.copy(),
        revised=np.zeros((villages, quarters), dtype=bool),
        copies_for=never.copy(),
    )
    for plant in plants:
        _obey(planting, plant, plant.village, plant.first)
    return planting


def _obey(planting: Planting, plant: Plant, village: int, first: int) -> None:
    match plant.type:
        case "very_small":
            planting.is_very_small[village] = True
        case "flat_dividend":
            planting.flat_dividends[village] = 120_000
        case "late_payroll":
            planting.late_payroll[village, first : first + 2] = True
        case "wage_award":
            planting.wage_award_year[village] = first // 4
        case "elderly_rounders":
            planting.rounds_from[village] = 0
        case "industrial_boom":
            planting.wage_factor[village, first // 4 :] = 1.25
        case "land_rent_standard":
            planting.rent_standard[village] = 35_000
        case "pension_village":
            planting.is_pension_village[village] = True
        case "contract_price":
            planting.contract_year[village] = first // 4
        case "resettled_homogeneous":
            planting.spread[village] = 0.35
        case "real_graduation":
            planting.top_ups_from[village] = first
        case "drought_recovery":
            planting.harvest_factor[village, first // 4 - 1] = 0.5
        case "cash_wages":
            planting.cash_share[village] = 0.35
        case "clerk_catch_up":
            planting.is_caught_up[village, first:] = True
        case "coop_twins":
            planting.has_coop[village] = True
        case "app_collection":
            planting.exact_from[village] = first
        case "new_clerk_rounder":
            planting.rounds_from[village] = first
        case "pay_after_death":
            planting.ghosts[village] = plant.strength + 1
        case "two_posts":
            planting.second_posts[village, first:] = (1, 2, 4)[plant.strength]
        case "late_revisions":
            planting.revised[village, first:] = True
        case "collector_copy":
            planting.copies_for[village] = plant.lead


def fabricate(
    planting: Planting,
    flows: dict[str, np.ndarray],
    size: np.ndarray,
    *,
    village: np.ndarray,
    rounding: np.ndarray,
    land: np.ndarray,
    loans: np.ndarray,
    collector: np.ndarray,
    seed: int,
    county: str,
) -> None:
    """Let the fabrications of a county act on its reported flows and members, in place."""
    for plant in planting.plants:
        if plant.kind != "fabrication":
            continue
        is_inside = (village == plant.village) | (plant.village == WHOLE_COUNTY)
        inside = np.flatnonzero(is_inside)
        lead = plant.village if plant.lead == NEVER else plant.lead
        of_lead = collector[village == max(lead, 0)]
        part = Village(
            {name: values[inside] for name, values in flows.items()},
            size[inside],
            rounding[inside],
            land[inside],
            loans[inside],
            collector[inside] == of_lead[0],
            plant.first - 3 * plant.is_year_end,
            plant.strength,
            stream(seed, county, "fabrication", plant.village),
        )
        make_up(plant.type, part, is_year_end=plant.is_year_end)
        size[inside] = part.size
        for name, values in part.items.items():
            flows[name][inside] = values
