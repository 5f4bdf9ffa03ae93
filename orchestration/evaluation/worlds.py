"""Which worlds are evaluated, and one of them from its making to its judged villages.

A world's result is two tables: ``villages`` (village · quarter, what the detector said beside what
is true) and ``plants`` (one label each), and at county grain ``counties``. They are kept, so that
an evaluation that was interrupted goes on, and can be scored again without being run again.
"""

import json
import shutil
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from orchestration.calendar import Quarter
from orchestration.evaluation.detector import datasets_needed, detect, version
from orchestration.forensics.assess import Assessment
from orchestration.settings import Settings

LAST_QUARTER = Quarter.parse("2025Q4")
TABLES = ("villages", "plants", "counties")
_SAID = [
    "wording", "is_flagged", "leading_signal", "leading_item", "mechanism", "families_fired",
    "families_assessed", "combined_p", "q_value", "risk_score", "probability", "expected_yuan",
]  # fmt: skip


@dataclass(frozen=True)
class World:
    """One world to be simulated. ``purpose`` says which figures it counts for."""

    purpose: str
    seed: int
    scale: float
    fabrication_share: float
    doses: tuple[str, ...] = ("weak", "medium", "strong")

    @property
    def name(self) -> str:
        """A folder's name."""
        return f"{self.purpose}-{self.seed}"


def worlds_of(seeds: int, first_seed: int, scale: float) -> list[World]:
    """Return the worlds of an evaluation: ``seeds`` mixed ones at 3 %, fewer of each other kind."""
    some = max(1, seeds // 5)
    return [
        *(World("mixed", first_seed + i, scale, 0.03) for i in range(seeds)),
        *(World("honest", first_seed + 1000 + i, scale, 0.0) for i in range(some)),
        *(World("rare", first_seed + 2000 + i, scale, 0.01) for i in range(some)),
        *(World("common", first_seed + 3000 + i, scale, 0.08) for i in range(some)),
        *(World("medium", first_seed + 4000 + i, scale, 0.08, ("medium",)) for i in range(some)),
    ]


def is_done(world: World, folder: Path) -> bool:
    """Whether the folder holds this world's result, of this very detector."""
    file = folder / world.name / "world.json"
    return file.exists() and json.loads(file.read_text("utf-8"))["key"] == _key(world)


def run_world(world: World, folder: Path, home: Path) -> float:
    """Simulate and judge one world, keep the result in the folder; return the seconds it took.

    ``home`` is worked in and may be used again: what dbt has parsed there is reused.
    """
    # Only this side of the evaluation knows the simulation.
    from orchestration.evaluation.lake import write_world
    from orchestration.simulation.population import index_of
    from orchestration.simulation.run import Order

    started = time.monotonic()
    settings = Settings(home=home)
    order = Order(
        home=home,
        seeds=settings.seeds,
        scale=world.scale,
        seed=world.seed,
        fabrication_share=world.fabrication_share,
        first=0,
        last=index_of(LAST_QUARTER),
        key=b"",
        doses=world.doses,
    )
    labels = write_world(settings, order, datasets_needed(settings))
    made = time.monotonic()
    said = detect(settings)
    judged = time.monotonic()
    plants = labels["plants"].to_pandas()
    tables = {
        "villages": _villages(said, plants, labels["village_quarters"].to_pandas()),
        "plants": plants,
        "counties": said.entities[said.entities["entity_type"] == "county"].merge(
            said.counties, on=["county_code", "quarter"], how="left", suffixes=("", "_criticism")
        ),
    }
    result = folder / world.name
    shutil.rmtree(result, ignore_errors=True)
    result.mkdir(parents=True)
    for name, table in tables.items():
        table.to_parquet(result / f"{name}.parquet", index=False)
    seconds = {"simulating": made - started, "detecting": judged - made}
    text = json.dumps({"key": _key(world), "seconds": seconds}, ensure_ascii=False, indent=2)
    (result / "world.json").write_text(text, "utf-8")
    return time.monotonic() - started


def read_world(world: World, folder: Path) -> dict[str, pd.DataFrame]:
    """Return a world's tables, each row with the world's name."""
    return {
        name: pd.read_parquet(folder / world.name / f"{name}.parquet").assign(world=world.name)
        for name in TABLES
    }


def _key(world: World) -> dict[str, Any]:
    return {**asdict(world), "doses": list(world.doses), "detector": version()}


def _villages(said: Assessment, plants: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Put what was said of each village and quarter beside what is true of it.

    ``is_made_up`` holds where a fabrication is at work: from its first quarter on, of the figures
    of a year's end alone in the quarters in which a figure was changed.
    """
    entities = said.entities[said.entities["entity_type"] == "village"]
    said_of = entities.rename(columns={"entity_id": "village_code"})[
        ["village_code", "quarter", *_SAID]
    ]
    planted = plants[plants["village_code"].notna()].drop_duplicates("village_code")
    label = planted[
        ["village_code", "kind", "type", "dose", "first_quarter", "is_year_end", "mechanism"]
    ].rename(columns={"mechanism": "expected_mechanism"})
    rows = truth.merge(label, on="village_code", how="left")
    # Where a whole county overstates, each village does: no false alarm, and nothing to be missed.
    whole = plants[plants["village_code"].isna()].drop_duplicates("county_code")
    for county in whole.itertuples():
        is_in = (rows["county_code"] == county.county_code) & (rows["kind"] != "fabrication")
        for name in ("kind", "type", "dose", "first_quarter", "is_year_end"):
            rows.loc[is_in, name] = getattr(county, name)
    rows = rows.merge(said_of, on=["village_code", "quarter"], how="left")
    has_begun = rows["first_quarter"].notna() & (rows["quarter"] >= rows["first_quarter"])
    is_changed = (rows["households_changed"] > 0) | (rows["members_dropped"] > 0)
    at_work = is_changed | ~rows["is_year_end"].eq(True)
    rows["is_made_up"] = rows["kind"].eq("fabrication") & has_begun & at_work
    rows["is_flagged"] = rows["is_flagged"].eq(True)
    rows["net_income_overstated"] = rows["net_income_overstated"].astype(float)
    return rows
