"""What each household is reported to have earned, before a clerk writes it into a file.

Honest reporting: the truth of the quarter with a small error of memory, rounded the way its
collector rounds. What rules pay (pensions, dibao, subsidies) is copied from the passbook. Then the
fabrications of ``plants`` act on the reported figures.
"""

from dataclasses import dataclass

import numpy as np

from orchestration.simulation.benefits import post_payments
from orchestration.simulation.economy import FLOWS, Economy
from orchestration.simulation.plants import Planting, fabricate
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
    """Reported flows by item, fen ``[household, quarter]``, and the collectors' rounding.

    ``honest`` is what would have been reported if nobody had made anything up.
    """

    flows: dict[str, np.ndarray]
    rounding: np.ndarray  # [household] fen
    honest: dict[str, np.ndarray]

    def year_to_date(self, name: str, t: int) -> np.ndarray:
        """Return what is reported for the income year of quarter ``t`` so far."""
        return self.flows[name][:, t - t % 4 : t + 1].sum(axis=1)


def report(people: Population, economy: Economy, planting: Planting, *, seed: int) -> Reports:
    """Report the incomes of a county, made-up figures included."""
    reports = _honestly(people, economy, planting, seed)
    honest = {name: values.copy() for name, values in reports.flows.items()}
    benefits = economy.benefits
    for t in range(people.quarters):
        paid, earned = (
            post_payments(people, benefits, t, with_ghosts=with_ghosts).sum(axis=1)
            for with_ghosts in (True, False)
        )
        reports.flows["wage_public_post"][:, t] += np.bincount(
            people.household, weights=paid - earned, minlength=people.households
        ).astype(np.int64)
    fabricate(
        planting,
        reports.flows,
        village=people.village,
        size=np.stack([people.counted_size(t) for t in range(people.quarters)], axis=1),
        rounding=reports.rounding,
        seed=seed,
        county=people.county.code,
    )
    reports.honest = honest
    return reports


def _honestly(people: Population, economy: Economy, planting: Planting, seed: int) -> Reports:
    """Report the truth the way honest collectors do; rounders know halves of a thousand only."""
    rng = stream(seed, people.county.code, "collectors")
    _, collector = np.unique(people.collector, return_inverse=True)
    habit = rng.choice([1, 10, 100, 500], collector.max() + 1, p=[0.45, 0.22, 0.28, 0.05])
    rounding = (
        np.where(planting.is_rounder[people.village], 500, habit[collector]).astype(np.int64) * 100
    )
    memory = rng.normal(0, 0.012, (people.households, people.quarters))
    flows: dict[str, np.ndarray] = {}
    for name in FLOWS:
        truth = economy.flows[name]
        if name not in REMEMBERED:
            flows[name] = truth.copy()
            continue
        draw = stream(seed, people.county.code, "memory", name)
        error = 1 + memory + draw.normal(0, 0.02, truth.shape)
        step = rounding[:, None]
        flows[name] = np.round(truth * error / step).astype(np.int64) * step
    return Reports(flows, rounding, flows)
