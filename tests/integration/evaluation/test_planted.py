"""Each signal finds what it is for, planted in a world, and spares its honest look-alike.

Two small worlds are simulated, written into a lake and judged by real dbt and DuckDB: one with
strong fabrications, one with honest look-alikes alone.
"""

import os
from pathlib import Path

import pandas as pd
import pytest

from orchestration.calendar import Quarter
from orchestration.evaluation.detector import datasets_needed, detect
from orchestration.evaluation.lake import write_world
from orchestration.settings import Settings
from orchestration.simulation.population import index_of
from orchestration.simulation.run import Order

pytestmark = pytest.mark.nightly

_SCALE = 0.06
_PLANTED = {
    "clones": "S11",
    "collector_copy": "S6",
    "copy_forward": "S6",
    "cost_left_out": "S15",
    "dividends_on_paper": "S2",
    "dropped_members": "S20",
    "heaping": "S9",
    "invention": "S12",
    "land_beyond_capacity": "S15",
    "late_revisions": "S19",
    "pay_after_death": "S16",
    "rescaled": "S10",
    "two_posts": "S16",
    "uniform_growth": "S3",
    "uniform_growth_of_one_item": "S4",
    "variance_collapse": "S7",
    "wages_above_payroll": "S1",
}
"""Fabrications of single villages, with a signal that each must set off."""
_OUT_OF_REACH = {
    "dividends_on_paper": "at this size a village has fewer than 20 claimants of dividends",
    "invention": "at this size a village has fewer than 30 households to correlate",
    "uniform_growth_of_one_item": "begins with the first quarter that has a year before it: there "
    "is no growth of its own to hold it against",
}
"""What a world of this size and seed cannot show; larger worlds do (zengshou evaluate)."""
_SPARED = {
    "app_collection": ("S9", "S11"),
    "cash_wages": ("S1", "S2"),
    "clerk_catch_up": ("S19",),
    "coop_twins": ("S11",),
    "elderly_rounders": ("S9",),
    "flat_dividend": ("S7",),
    "industrial_boom": ("S5", "S1"),
    "land_rent_standard": ("S6",),
    "late_payroll": ("S2", "S16"),
    "new_clerk_rounder": ("S9",),
    "pension_village": ("S3", "S13", "S20"),
    "resettled_homogeneous": ("S7",),
    "wage_award": ("S4", "S5"),
}
"""Honest villages by what is odd about them, with the signals that must spare them."""


def _judged(home: Path, *, share: float, seed: int) -> pd.DataFrame:
    """One row per village, quarter and signal, with what is planted there."""
    before = os.environ.get("ZENGSHOU_HOME")
    os.environ["ZENGSHOU_HOME"] = str(home)  # where dbt's profile looks for the warehouse
    try:
        settings = Settings(home=home)
        last = index_of(Quarter.parse("2025Q4"))
        order = Order(
            home, settings.seeds, _SCALE, seed, share, 0, last, b"", tuple(_PLANTED), ("strong",),
            has_look_alikes=share == 0,
        )  # fmt: skip
        labels = write_world(settings, order, datasets_needed(settings))
        signals = detect(settings).signals
    finally:
        os.environ.pop("ZENGSHOU_HOME")
        if before is not None:
            os.environ["ZENGSHOU_HOME"] = before
    plants = labels["plants"].to_pandas()
    rows = signals.rename(columns={"entity_id": "village_code"}).merge(
        plants[["village_code", "type", "first_quarter"]], on="village_code"
    )
    return rows[rows["quarter"] >= rows["first_quarter"]]


@pytest.fixture(scope="module")
def fabricated(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """A region in which one village in six makes figures up."""
    return _judged(tmp_path_factory.mktemp("fabricated"), share=0.16, seed=9)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> pd.DataFrame:
    """A region of honest villages, some of them odd."""
    return _judged(tmp_path_factory.mktemp("honest"), share=0, seed=9)


@pytest.mark.parametrize(
    ("fabrication", "signal"),
    [
        pytest.param(name, signal, marks=pytest.mark.xfail(strict=True, reason=_OUT_OF_REACH[name]))
        if name in _OUT_OF_REACH
        else (name, signal)
        for name, signal in _PLANTED.items()
    ],
)
def test_a_signal_finds_what_it_is_for(
    fabricated: pd.DataFrame, fabrication: str, signal: str
) -> None:
    rows = fabricated[(fabricated["type"] == fabrication) & (fabricated["signal_id"] == signal)]
    assessed = rows[rows["assessment"] == "assessed"]
    assert len(assessed), "no village of this kind could be assessed"
    speaks = assessed["is_flagged"].astype(bool) | (assessed["p_value"] <= 0.01)
    by_village = speaks.groupby(assessed["village_code"]).max()
    assert by_village.mean() >= 0.5


@pytest.mark.parametrize(
    ("look_alike", "signal"),
    [(name, signal) for name, signals in _SPARED.items() for signal in signals],
)
def test_a_signal_spares_its_honest_look_alike(
    honest: pd.DataFrame, look_alike: str, signal: str
) -> None:
    rows = honest[(honest["type"] == look_alike) & (honest["signal_id"] == signal)]
    assert len(rows)
    assert not rows["is_flagged"].any()
