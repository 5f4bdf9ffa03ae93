"""Ways of making figures up: what each does to the reported flows of a village.

The one place to add more: one function and one line in ``FABRICATIONS``. Each has a weak, a medium
and a strong dose. Where a fabrication leaves a trace elsewhere (a payroll that goes on, a second
version of the form), ``plants.planting_of`` says so and the world obeys.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np


@dataclass
class Village:
    """What a fabrication works on: the village's reported flows, household by quarter, in fen.

    ``items`` and ``size`` may be changed in place from quarter ``first`` on; the truth stays
    untouched.
    """

    items: dict[str, np.ndarray]
    size: np.ndarray  # [household, quarter] reported members, may be changed in place
    rounding: np.ndarray  # [household, quarter] fen
    land: np.ndarray  # [household] mu
    loans: np.ndarray  # [household, quarter] principal paid out in the quarter
    is_leaders: np.ndarray  # [household] whether the collector who copies looks after it
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
        window = slice(village.first, None)
        step = village.rounding[:, window]
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


def _back_allocated(village: Village) -> None:
    """The village's mean per person lands on a target; the difference is spread over households.

    The target is a growth of 14.5 % on the year before, or the next rung of the ladder above it.
    """
    beyond = (0.004, 0.002, 0.0)[village.strength]
    landing = 1 + village.rng.uniform(beyond / 2, beyond)
    for t in village.quarters():
        people = village.size[:, t].sum()
        base = village.year_to_date_net(t - 4).sum() / village.size[:, t - 4].sum()
        now = village.year_to_date_net(t).sum()
        rung = next(
            (step for step in _LADDER if base * step * landing * people > now), now / base / people
        )
        missing = round(base * rung * landing * people) - int(now)
        if missing <= 0:
            continue
        weight = sum(village.items[name][:, t] for name in DISCRETIONARY) + 50_000
        weight = weight * village.rng.lognormal(0, 0.3, village.households)
        share = village.rounded(missing * weight / weight.sum())
        share[np.argmax(share)] += missing - share.sum()
        name = village.rng.choice(["wage_casual", "business_other", "transfer_other"])
        village.items[name][:, t] += share


_LADDER = (1.145, *(1.15 + 0.05 * step for step in range(40)))


def _rescaled(village: Village) -> None:
    """Every figure is multiplied by one factor and rounded to the yuan: round numbers vanish."""
    factor = (1.06, 1.12, 1.25)[village.strength]
    window = slice(village.first, None)
    for name in DISCRETIONARY:
        values = village.items[name]
        values[:, window] = village.rounded(values[:, window] * factor)


def _loans_as_income(village: Village) -> None:
    """The principal of a microloan stands in business income in the quarter it was paid out."""
    chosen = village.some((0.30, 0.60, 0.95))
    for t in village.quarters():
        village.items["business_breeding"][chosen, t] += village.loans[chosen, t]


def _late_revisions(village: Village) -> None:
    """A second version after the deadline is higher, never lower (see ``Planting.revised``)."""
    chosen = village.some((0.30, 0.60, 0.95))
    for t in village.quarters():
        growth = village.rng.uniform(1.05, 1.18, village.households)
        for name in ("wage_casual", "wage_local", "business_planting", "business_breeding"):
            values, step = village.items[name], village.rounding[:, t]
            higher = np.ceil(values[:, t] * growth / step).astype(np.int64) * step
            values[chosen, t] = higher[chosen]


def _dropped_members(village: Village) -> None:
    """A household loses a member on paper: nobody died or moved, income per person rises."""
    window = slice(village.first, None)
    chosen = village.some((0.10, 0.25, 0.50)) & (village.size[:, window].min(axis=1) >= 3)
    village.size[chosen, window] -= 1


def _counted_twice(village: Village) -> None:
    """A dividend and a subsidy that were paid stand in a second component too."""
    chosen = village.some((0.30, 0.60, 0.95))
    for t in village.quarters():
        for paid, again in (
            ("property_dividend", "transfer_other"),
            ("transfer_farm_subsidy", "business_planting"),
        ):
            village.items[again][chosen, t] += village.items[paid][chosen, t]


def _land_beyond_capacity(village: Village) -> None:
    """Crops are sold that the land cannot bear."""
    chosen = village.some((0.20, 0.50, 0.90)) & (village.land > 0)
    per_mu = (300_000, 380_000, 500_000)[village.strength] * village.rng.uniform(
        0.9, 1.1, village.households
    )
    values = village.items["business_planting"]
    for t in village.quarters():
        share = {0: 0.5, 3: 0.5}.get(t % 4, 0.0)
        crop = village.rounded(village.land * per_mu * share)
        values[chosen, t] = np.maximum(values[chosen, t], crop[chosen])


def _collector_copy(village: Village) -> None:
    """One collector copies last year's cells for his households, whatever village they live in."""
    share = (0.25, 0.50, 0.90)[village.strength]
    for name in DISCRETIONARY:
        chosen = village.is_leaders & (village.rng.random(village.households) < share)
        values = village.items[name]
        for t in village.quarters():
            values[chosen, t] = values[chosen, t - 4]


def _county_overstated(village: Village) -> None:
    """A county's forms say more of everything that nobody can look up, a little in each village."""
    factor = (1.03, 1.06, 1.10)[village.strength]
    window = slice(village.first, None)
    step = village.rounding[:, window]
    for name in DISCRETIONARY:
        values = village.items[name]
        values[:, window] = np.round(values[:, window] * factor / step).astype(np.int64) * step


def _two_posts(village: Village) -> None:
    """Holders of a public post are paid for a second one (see ``Planting.second_posts``)."""
    # The payment itself is part of the world, so there is nothing to do to the report.


def _informed(village: Village) -> None:
    """Somebody who knows what is looked at adds noise where no register is, and stays modest."""
    growth = (0.06, 0.10, 0.15)[village.strength]
    for name in ("wage_casual", "business_breeding", "business_other", "transfer_other"):
        values = village.items[name]
        own = village.rng.lognormal(growth, 0.12, village.households)
        for t in village.quarters():
            noise = own * village.rng.lognormal(0, 0.04, village.households)
            step = village.rounding[:, t]
            values[:, t] = np.round(values[:, t] * noise / step).astype(np.int64) * step


@dataclass(frozen=True)
class Fabrication:
    """A way of making figures up, and what the guard calls it.

    ``starts`` are the quarters in which it may begin (4 is 2023Q4). ``mechanism`` is a code of
    ``seeds/signals.csv``, None where no signal can be expected to see it. ``can_wait`` says whether
    it may be done to the year-end figure alone.
    """

    apply: Callable[[Village], None]
    starts: tuple[int, ...]
    mechanism: str | None
    can_wait: bool = True


FABRICATIONS: dict[str, Fabrication] = {
    "uniform_growth": Fabrication(_uniform_growth, (4, 8), "uniform_growth"),
    "uniform_growth_of_one_item": Fabrication(
        _uniform_growth_of_one_item, (4, 8), "one_factor_growth"
    ),
    "copy_forward": Fabrication(_copy_forward, (4, 6, 8), "copy_forward", can_wait=False),
    "wages_above_payroll": Fabrication(_wages_above_payroll, (4, 5, 6, 7, 8, 9), "above_record"),
    "dividends_on_paper": Fabrication(_dividends_on_paper, (4, 8), "no_record"),
    "pay_after_death": Fabrication(_pay_after_death, (4,), "dead_income", can_wait=False),
    "cost_left_out": Fabrication(_cost_left_out, (4, 6, 8), "cost_left_out", can_wait=False),
    "over_the_line": Fabrication(_over_the_line, (4,), "over_the_line", can_wait=False),
    "clones": Fabrication(_clones, (4, 6, 8), "cloned_households", can_wait=False),
    "variance_collapse": Fabrication(_variance_collapse, (4, 6, 8), "variance_collapse"),
    "heaping": Fabrication(_heaping, (4, 6, 8), "heaping", can_wait=False),
    "invention": Fabrication(_invention, (4, 8), "invention", can_wait=False),
    "back_allocated": Fabrication(_back_allocated, (4, 7, 8), "back_allocated", can_wait=False),
    "rescaled": Fabrication(_rescaled, (4, 5, 7, 8), "scaled_values"),
    "loans_as_income": Fabrication(_loans_as_income, (4, 6), "loan_as_income", can_wait=False),
    "late_revisions": Fabrication(_late_revisions, (5, 7, 8), "late_revision", can_wait=False),
    "dropped_members": Fabrication(_dropped_members, (4, 8), "dropped_members", can_wait=False),
    "counted_twice": Fabrication(_counted_twice, (4, 6, 8), "no_record", can_wait=False),
    "land_beyond_capacity": Fabrication(_land_beyond_capacity, (4, 7, 8), "cost_left_out"),
    "collector_copy": Fabrication(_collector_copy, (4, 6, 8), "copy_forward", can_wait=False),
    "county_overstated": Fabrication(_county_overstated, (4, 6, 8), "county_overstatement"),
    "two_posts": Fabrication(_two_posts, (4, 6), "dead_income", can_wait=False),
    "informed": Fabrication(_informed, (4, 5, 8), None),
}
"""Fabrications by name. ``county_overstated`` is done to a county, all others to a village."""


def make_up(name: str, village: Village, *, is_year_end: bool) -> None:
    """Do a fabrication to a village.

    Args:
        name: of the fabrication.
        village: whose reported flows are changed in place.
        is_year_end: only the figure of the income year's end is made up: what the year to date is
            too high comes in with the last quarter, the quarters before are honest.
    """
    honest = {item: values.copy() for item, values in village.items.items()}
    FABRICATIONS[name].apply(village)
    for item, values in village.items.items():
        if is_year_end:
            above = values - honest[item]
            values[:] = honest[item]
            for t in range(3, values.shape[1], 4):
                values[:, t] += above[:, t - 3 : t + 1].sum(axis=1)
        np.maximum(values, 0, out=values)
