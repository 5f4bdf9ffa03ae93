import numpy as np
import pytest

from orchestration.simulation.benefits import TRANSFER
from orchestration.simulation.economy import BUSINESS, PROPERTY, SUB_ITEMS, WAGE
from orchestration.simulation.world import CountyWorld


def _per_capita(world: CountyWorld, year: int) -> np.ndarray:
    t = 4 * (year - 2023) + 3
    return world.economy.net_year_to_date(t) / 100 / world.people.counted_size(t)


@pytest.mark.parametrize(("year", "mean"), [(2023, 16_300), (2024, 19_000), (2025, 21_900)])
def test_mean_income_follows_the_assumed_path(
    honest_world: CountyWorld, year: int, mean: float
) -> None:
    t = 4 * (year - 2023) + 3
    income = honest_world.economy.net_year_to_date(t).sum() / 100
    # One county lies up to two of its own sigmas (6 %) and a sampling error away.
    assert abs(income / honest_world.people.counted_size(t).sum() / mean - 1) < 0.17


def test_incomes_are_compressed_and_persistent(honest_world: CountyWorld) -> None:
    before, after = (np.log(_per_capita(honest_world, year)) for year in (2024, 2025))
    assert 0.24 < after.std() < 0.35
    assert 0.65 < np.corrcoef(before, after)[0, 1] < 0.95


def test_components_have_the_assumed_shares(honest_world: CountyWorld) -> None:
    economy = honest_world.economy

    def total(names: tuple[str, ...]) -> float:
        return float(sum(economy.year_to_date(name, 7).sum() for name in names))

    net = economy.net_year_to_date(7).sum()
    business = total(BUSINESS) - total(("production_cost",)) + total(("cost_subsidy",))
    assert total(WAGE) / net == pytest.approx(0.67, abs=0.05)
    assert business / net == pytest.approx(0.18, abs=0.04)
    assert total(TRANSFER) / net == pytest.approx(0.13, abs=0.04)
    assert total(PROPERTY) / net == pytest.approx(0.02, abs=0.015)


def test_year_to_date_starts_anew_in_october_and_never_falls(honest_world: CountyWorld) -> None:
    economy = honest_world.economy
    for name in SUB_ITEMS:
        assert (economy.year_to_date(name, 4) == economy.flows[name][:, 4]).all()
        for t in (5, 6, 7):
            assert (economy.year_to_date(name, t) >= economy.year_to_date(name, t - 1)).all()


def test_crops_are_sold_after_the_harvest_and_wages_fall_in_winter(
    honest_world: CountyWorld,
) -> None:
    flows = honest_world.economy.flows
    crops, wages = (flows[name].sum(axis=0)[:4] for name in ("business_planting", "wage_local"))
    assert crops[0] + crops[3] > 0.75 * crops.sum()
    assert wages[1] == wages.min()


def test_some_households_earn_less_than_the_year_before(honest_world: CountyWorld) -> None:
    falls = (_per_capita(honest_world, 2025) < _per_capita(honest_world, 2024)).mean()
    assert 0.05 < falls < 0.35
