"""What is planted in which village: fabrications and their honest look-alikes.

The one place to add more. A fabrication is one function on the household reports and one line in
``FABRICATIONS``; a look-alike is a line in ``LOOK_ALIKES`` and an array of ``Planting`` which the
honest world obeys. Labels go to ``truth/`` and nowhere else.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np

from orchestration.simulation.randomness import stream

DOSES = ("weak", "medium", "strong")
LOOK_ALIKES = ("wage_award", "flat_dividend", "elderly_rounders", "late_payroll", "very_small")
LOOK_ALIKE_SHARE = 0.06

NEVER = -1


@dataclass(frozen=True)
class Plant:
    """One label: what was planted where, how strongly, from which quarter on."""

    village: int
    kind: str
    type: str
    dose: str | None
    first: int

    @property
    def strength(self) -> int:
        """0 for weak, 1 for medium, 2 for strong."""
        return DOSES.index(self.dose or "weak")


@dataclass
class Planting:
    """What the truth of one county has to obey, by village, and the plants behind it."""

    plants: tuple[Plant, ...]
    is_very_small: np.ndarray
    flat_dividends: np.ndarray  # fen per household and year, 0 for none
    late_payroll: np.ndarray  # [village, quarter] the quarter's last pay came a quarter later
    wage_award_year: np.ndarray  # index of the income year of one award for all, -1 for none
    award_growth: float
    is_rounder: np.ndarray
    ghosts: np.ndarray  # public posts that go on being paid after the holder's death
    inflated_claims: dict[str, float] = field(default_factory=dict)
    """Indicators of which the county claims more than it has counted, and by what factor."""


@dataclass
class Village:
    """What a fabrication works on: the village's reported flows, household by quarter, in fen.

    ``items`` may be changed in place from quarter ``first`` on; the truth stays untouched.
    """

    items: dict[str, np.ndarray]
    size: np.ndarray  # [household, quarter]
    rounding: np.ndarray  # [household]
    first: int
    strength: int
    rng: np.random.Generator

    @property
    def households(self) -> int:
        """How many households there are."""
        return len(self.rounding)

    def some(self, shares: Sequence[float]) -> np.ndarray:
        """Return a random set of households, as large as the dose says."""
        return self.rng.random(self.households) < shares[self.strength]

    def quarters(self) -> range:
        """Return the quarters in which figures are made up."""
        return range(self.first, next(iter(self.items.values())).shape[1])

    def rounded(self, values: np.ndarray) -> np.ndarray:
        """Round to whole yuan."""
        return np.round(values / 100).astype(np.int64) * 100

    def year_to_date_net(self, t: int) -> np.ndarray:
        """Return the reported net income of the income year so far."""
        window = slice(t - t % 4, t + 1)
        gross = sum(
            values[:, window].sum(axis=1)
            for name, values in self.items.items()
            if name not in ("production_cost", "cost_subsidy")
        )
        cost = self.items["production_cost"][:, window].sum(axis=1)
        return np.asarray(gross - cost + self.items["cost_subsidy"][:, window].sum(axis=1))


DISCRETIONARY = (
    "wage_migrant",
    "wage_local",
    "wage_casual",
    "business_planting",
    "business_breeding",
    "business_other",
    "property_land_rent",
    "transfer_other",
)
"""Items that no rule fixes: where made-up figures go."""


def _uniform_growth(village: Village) -> None:
    """Every item of a household is last year's, times one factor."""
    chosen = village.some((0.30, 0.60, 0.95))
    growth = 1 + village.rng.uniform(0.14, 0.175)
    for name in (*DISCRETIONARY, "production_cost"):
        values = village.items[name]
        for t in village.quarters():
            values[chosen, t] = village.rounded(values[chosen, t - 4] * growth)


def _uniform_growth_of_one_item(village: Village) -> None:
    """One item of everybody grows by the same factor."""
    chosen = village.some((0.30, 0.60, 0.95))
    name = village.rng.choice(["wage_migrant", "wage_local", "business_breeding"])
    growth = 1 + village.rng.uniform(0.12, 0.25)
    values = village.items[name]
    for t in village.quarters():
        values[chosen, t] = village.rounded(values[chosen, t - 4] * growth)


def _copy_forward(village: Village) -> None:
    """Cells are those of the same quarter a year before."""
    for name in DISCRETIONARY:
        chosen = village.some((0.10, 0.25, 0.60))
        values = village.items[name]
        for t in village.quarters():
            values[chosen, t] = values[chosen, t - 4]


def _clones(village: Village) -> None:
    """Households repeat the figures of one of their neighbours, a hair apart."""
    chosen = village.some((0.10, 0.25, 0.50))
    model = int(village.rng.integers(0, village.households))
    for values in village.items.values():
        for t in village.quarters():
            near = 1 + village.rng.uniform(-0.008, 0.008, chosen.sum())
            values[chosen, t] = village.rounded(values[model, t] * near)


def _variance_collapse(village: Village) -> None:
    """Incomes are drawn together around the village's middle."""
    kept = (0.8, 0.6, 0.4)[village.strength]
    for t in village.quarters():
        net = sum(village.items[name][:, t] for name in DISCRETIONARY) / village.size[:, t]
        middle = np.median(net[net > 0]) if (net > 0).any() else 1
        factor = np.where(net > 0, (np.maximum(net, 1) / middle) ** (kept - 1), 1)
        for name in DISCRETIONARY:
            values = village.items[name]
            values[:, t] = village.rounded(values[:, t] * factor)


def _heaping(village: Village) -> None:
    """Cells are rounded to thousands where nobody asked the household."""
    share = (0.15, 0.35, 0.70)[village.strength]
    for name in DISCRETIONARY:
        values = village.items[name]
        for t in village.quarters():
            hit = village.rng.random(village.households) < share
            values[hit, t] = np.round(values[hit, t] / 100_000).astype(np.int64) * 100_000


def _invention(village: Village) -> None:
    """Figures are invented: plausible ones, of somebody else."""
    chosen = np.flatnonzero(village.some((0.20, 0.50, 0.90)))
    for t in village.quarters():
        if t % 4 == 0 or t == village.first:
            source = village.rng.permutation(village.households)[: len(chosen)]
        noise = village.rng.lognormal(0.08, 0.25, (len(chosen), len(DISCRETIONARY)))
        for column, name in enumerate(DISCRETIONARY):
            values = village.items[name]
            drawn = values[source, t] * noise[:, column]
            values[chosen, t] = np.round(drawn / 10_000).astype(np.int64) * 10_000


def _wages_above_payroll(village: Village) -> None:
    """Wages are reported higher than any employer pays."""
    factor = (1.05, 1.10, 1.20)[village.strength]
    for name in ("wage_migrant", "wage_local"):
        values = village.items[name]
        step = village.rounding[:, None]
        window = slice(village.first, None)
        values[:, window] = np.round(values[:, window] * factor / step).astype(np.int64) * step


def _dividends_on_paper(village: Village) -> None:
    """Dividends stand in the form that no voucher knows."""
    chosen = village.some((0.30, 0.60, 0.95))
    amount = (30_000, 80_000, 200_000)[village.strength]
    for t in village.quarters():
        if t % 4 == 0:
            village.items["property_dividend"][chosen, t] += amount


def _pay_after_death(village: Village) -> None:
    """The dead keep their public post: the payroll goes on (see ``Planting.ghosts``)."""
    # The payment itself is part of the world, so there is nothing to do to the report.


def _cost_left_out(village: Village) -> None:
    """Production cost is not deducted."""
    chosen = village.some((0.30, 0.60, 0.95))
    village.items["production_cost"][chosen, village.first :] = 0
    village.items["cost_subsidy"][chosen, village.first :] = 0


def _over_the_line(village: Village) -> None:
    """At the end of the income year households just below 12 000 yuan come to lie just above."""
    below = (100_000, 250_000, 500_000)[village.strength]
    line = 1_200_000
    for t in village.quarters():
        if t % 4 != 3:
            continue
        size = village.size[:, t]
        per_person = village.year_to_date_net(t) / size
        pushed = (per_person < line) & (per_person >= line - below)
        goal = (line + village.rng.integers(1, 31, village.households) * 1_000) * size
        missing = np.where(pushed, goal - village.year_to_date_net(t), 0)
        village.items["wage_casual"][:, t] += missing.astype(np.int64)


FABRICATIONS: dict[str, tuple[Callable[[Village], None], tuple[int, ...]]] = {
    "uniform_growth": (_uniform_growth, (4, 8)),
    "uniform_growth_of_one_item": (_uniform_growth_of_one_item, (4, 8)),
    "copy_forward": (_copy_forward, (4, 8)),
    "wages_above_payroll": (_wages_above_payroll, (4, 5, 6, 7, 8, 9)),
    "dividends_on_paper": (_dividends_on_paper, (4, 8)),
    "pay_after_death": (_pay_after_death, (4,)),
    "cost_left_out": (_cost_left_out, (4, 6, 8)),
    "over_the_line": (_over_the_line, (4,)),
    "clones": (_clones, (4, 6, 8)),
    "variance_collapse": (_variance_collapse, (4, 6, 8)),
    "heaping": (_heaping, (4, 6, 8)),
    "invention": (_invention, (4, 8)),
}
"""Name → what it does to the reports, and the quarters in which it may begin (4 is 2023Q4)."""


def plan(seed: int, villages: Sequence[int], fabrication_share: float) -> list[list[Plant]]:
    """Choose villages of the whole region for plants; returns each county's.

    Args:
        seed: of the simulation.
        villages: how many villages each county has.
        fabrication_share: share of all villages in which figures are made up.
    """
    rng = stream(seed, "plants")
    total = sum(villages)
    order = rng.permutation(total)
    fabricated = round(total * fabrication_share)
    if fabrication_share > 0:
        fabricated = max(1, fabricated)
    kinds = [(name, dose) for dose in ("medium", "strong", "weak") for name in FABRICATIONS]
    shift = int(rng.integers(0, len(FABRICATIONS)))
    labels: dict[int, Plant] = {}
    for number in range(fabricated):
        name, dose = kinds[(number + shift) % len(kinds)]
        starts = FABRICATIONS[name][1]
        first = int(starts[rng.integers(0, len(starts))])
        labels[int(order[number])] = Plant(0, "fabrication", name, dose, first)
    alike = max(len(LOOK_ALIKES), round(total * LOOK_ALIKE_SHARE))
    for number, index in enumerate(order[fabricated : fabricated + alike]):
        first = 4 * int(rng.integers(1, 3))
        name = LOOK_ALIKES[number % len(LOOK_ALIKES)]
        labels[int(index)] = Plant(0, "look_alike", name, None, first)
    result: list[list[Plant]] = []
    offset = 0
    for count in villages:
        mine = [(i, labels[offset + i]) for i in range(count) if offset + i in labels]
        result.append([Plant(i, p.kind, p.type, p.dose, p.first) for i, p in mine])
        offset += count
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
    planting = Planting(
        plants=tuple(plants),
        is_very_small=np.zeros(villages, dtype=bool),
        flat_dividends=np.zeros(villages, dtype=np.int64),
        late_payroll=np.zeros((villages, quarters), dtype=bool),
        wage_award_year=np.full(villages, NEVER),
        award_growth=award_growth,
        is_rounder=np.zeros(villages, dtype=bool),
        ghosts=np.zeros(villages, dtype=int),
    )
    for plant in plants:
        match plant.type:
            case "very_small":
                planting.is_very_small[plant.village] = True
            case "flat_dividend":
                planting.flat_dividends[plant.village] = 120_000
            case "late_payroll":
                planting.late_payroll[plant.village, plant.first : plant.first + 2] = True
            case "wage_award":
                planting.wage_award_year[plant.village] = plant.first // 4
            case "elderly_rounders":
                planting.is_rounder[plant.village] = True
            case "pay_after_death":
                planting.ghosts[plant.village] = plant.strength + 1
    return planting


def fabricate(
    planting: Planting,
    flows: dict[str, np.ndarray],
    *,
    village: np.ndarray,
    size: np.ndarray,
    rounding: np.ndarray,
    seed: int,
    county: str,
) -> None:
    """Let the fabrications of a county act on its reported flows, in place."""
    for plant in planting.plants:
        if plant.kind != "fabrication":
            continue
        inside = np.flatnonzero(village == plant.village)
        part = Village(
            {name: values[inside] for name, values in flows.items()},
            size[inside],
            rounding[inside],
            plant.first,
            plant.strength,
            stream(seed, county, "fabrication", plant.village),
        )
        FABRICATIONS[plant.type][0](part)
        for name, values in part.items.items():
            flows[name][inside] = np.maximum(values, 0)
