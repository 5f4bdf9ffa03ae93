"""What each household is reported to have earned, before a clerk writes it into a file.

Honest reporting: the truth of the quarter with a small error of memory, rounded the way its
collector rounds. What rules pay (pensions, dibao, subsidies) is copied from the passbook, what a
cooperative pays from its slip. Then the fabrications of ``plants`` act on the reported figures.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.simulation.assumptions import Assumptions
from orchestration.simulation.benefits import post_payments, second_post_payments
from orchestration.simulation.economy import FLOWS, HARVEST, SUB_ITEMS, Economy, coop_of
from orchestration.simulation.loans import paid_out
from orchestration.simulation.plants import NEVER, Planting, fabricate
from orchestration.simulation.population import Population
from orchestration.simulation.randomness import stream

REMEMBERED = (
    "wage_migrant",
    "wage_local",
    "wage_casual",
    "business_planting",
    "business_breeding",
    "business_other",
    "property_other",
    "transfer_other",
    "production_cost",
)
"""Items that the household states from memory; all others stand in a passbook, voucher or lease."""


@dataclass
class Reports:
    """Reported flows by item, fen ``[household, quarter]``, members, and the collectors' rounding.

    ``honest`` is what would have been reported if nobody had made anything up.
    """

    flows: dict[str, np.ndarray]
    size: np.ndarray  # [household, quarter] members counted for the income year
    rounding: np.ndarray  # [household, quarter] fen
    honest: dict[str, np.ndarray]
    honest_size: np.ndarray

    def year_to_date(self, name: str, t: int) -> np.ndarray:
        """Return what is reported for the income year of quarter ``t`` so far."""
        return _year_to_date(self.flows[name], t)

    def overstated(self, t: int) -> np.ndarray:
        """Return by how many fen of net income each household's year to date is too high.

        A member who is left out counts as the income that the whole household would need to reach
        the same amount per person.
        """
        above, net = np.zeros(len(self.size), dtype=np.int64), np.zeros(len(self.size))
        for name in FLOWS:
            sign = 1 if name in SUB_ITEMS or name == "cost_subsidy" else -1
            honest = _year_to_date(self.honest[name], t)
            reported = _year_to_date(self.flows[name], t)
            above += sign * (reported - honest)
            net += sign * reported
        ratio = self.honest_size[:, t] / self.size[:, t]
        return above + np.round(np.maximum(net, 0) * (ratio - 1)).astype(np.int64)


def _year_to_date(values: np.ndarray, t: int) -> np.ndarray:
    return np.asarray(values[:, t - t % 4 : t + 1].sum(axis=1))


def report(
    people: Population,
    economy: Economy,
    planting: Planting,
    assumptions: Assumptions,
    *,
    seed: int,
) -> Reports:
    """Report the incomes of a county, made-up figures included."""
    reports = _honestly(people, economy, planting, seed)
    reports.honest = {name: values.copy() for name, values in reports.flows.items()}
    reports.honest_size = reports.size.copy()
    benefits = economy.benefits
    for t in range(people.quarters):
        paid, earned = (
            post_payments(people, benefits, t, with_ghosts=with_ghosts).sum(axis=1)
            for with_ghosts in (True, False)
        )
        undue = paid - earned + second_post_payments(people, benefits, t).sum(axis=1)
        reports.flows["wage_public_post"][:, t] += np.bincount(
            people.household, weights=undue, minlength=people.households
        ).astype(np.int64)
    if planting.has_fabrication:
        loans = [paid_out(people, assumptions, t, seed=seed) for t in range(people.quarters)]
        fabricate(
            planting,
            reports.flows,
            reports.size,
            village=people.village,
            rounding=reports.rounding,
            land=people.land,
            loans=np.stack(loans, axis=1),
            collector=people.collector,
            seed=seed,
            county=people.county.code,
        )
    return reports


def _honestly(people: Population, economy: Economy, planting: Planting, seed: int) -> Reports:
    """Report the truth the way honest collectors do; rounders know halves of a thousand only."""
    rng = stream(seed, people.county.code, "collectors")
    _, collector = np.unique(people.collector, return_inverse=True)
    habit = rng.choice([1, 10, 100, 500], collector.max() + 1, p=[0.45, 0.22, 0.28, 0.05])
    usual = habit[collector][:, None]
    is_exact, is_rounded = (
        (since[people.village][:, None] != NEVER)
        & (np.arange(people.quarters) >= since[people.village][:, None])
        for since in (planting.exact_from, planting.rounds_from)
    )
    rounding = np.where(is_exact, 1, np.where(is_rounded, 500, usual)).astype(np.int64) * 100
    memory = rng.normal(0, 0.012, (people.households, people.quarters))
    in_coop = coop_of(people, planting) >= 0
    flows: dict[str, np.ndarray] = {}
    for name in FLOWS:
        truth = economy.flows[name]
        if name not in REMEMBERED:
            flows[name] = truth.copy()
            continue
        draw = stream(seed, people.county.code, "memory", name)
        error = 1 + memory + draw.normal(0, 0.02, truth.shape)
        stated = np.round(truth * error / rounding).astype(np.int64) * rounding
        is_read = is_exact | (in_coop[:, None] & (name in HARVEST))
        flows[name] = np.where(is_read, truth, stated)
    size = np.stack([people.counted_size(t) for t in range(people.quarters)], axis=1)
    return Reports(flows, size, rounding, flows, size)
