"""The run of a simulation: counties side by side, then the departments' files, then the truth."""

import hashlib
import shutil
from collections.abc import Callable, Collection
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from datetime import datetime, time
from multiprocessing import get_context
from pathlib import Path

import pyarrow as pa

from orchestration.calendar import FIRST_QUARTER, Quarter, quarters_between
from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import write_parquet
from orchestration.seeds import seed_rows
from orchestration.settings import Settings, write_secret
from orchestration.simulation.assumptions import load_assumptions
from orchestration.simulation.economy import earn
from orchestration.simulation.filing import deliver, deliver_wrong
from orchestration.simulation.habits import habit_of
from orchestration.simulation.plants import DOSES, Plant, Planting, plan, plan_claims, planting_of
from orchestration.simulation.population import (
    HORIZON,
    County,
    index_of,
    load_counties,
    populate,
    quarter_at,
    village_count,
)
from orchestration.simulation.records import BUILDERS, REGIONAL, county_rows
from orchestration.simulation.reports import report
from orchestration.simulation.rosters import first_income_report
from orchestration.simulation.truth import truth_of
from orchestration.simulation.world import CountyWorld
from orchestration.simulation.writers import Submission

Progress = Callable[[str, int, int], None]
"""Called as ``progress(description, done, total)`` whenever a part is finished."""

_REVISED = "household_income_report"
_DEFAULT_LAST = Quarter.of(2025, 4)


@dataclass(frozen=True)
class Sender:
    """Who files: a county or a department."""

    id: str
    name: str
    prefecture: str = ""
    county_index: int | None = None


@dataclass(frozen=True)
class Order:
    """What is to be simulated; the same order gives the same files.

    An evaluation needs no files: ``county_world(order, index)`` builds a county in memory,
    ``county_rows(world, t)`` makes its rows, ``labels_of(world, quarters)`` says what was planted.
    """

    home: Path
    seeds: Path
    scale: float
    seed: int
    fabrication_share: float
    first: int
    last: int
    key: bytes
    types: tuple[str, ...] | None = None
    """Fabrications to choose from, all of them if None."""
    doses: tuple[str, ...] = DOSES
    has_look_alikes: bool = True

    @property
    def inbox(self) -> Path:
        """Where the files go."""
        return self.home / "inbox"

    @property
    def scratch(self) -> Path:
        """Where counties leave their rows for the departments' files."""
        return self.home / ".simulation"


def simulate(
    settings: Settings,
    *,
    scale: float = 0.04,
    seed: int = 20240930,
    fabrication_share: float = 0.03,
    types: Collection[str] | None = None,
    doses: Collection[str] = DOSES,
    has_look_alikes: bool = True,
    first: Quarter | None = None,
    last: Quarter | None = None,
    progress: Progress | None = None,
) -> Path:
    """Fill the inbox with what departments would send from ``first`` to ``last``; return it.

    A world depends on scale, seed and what is planted alone: asking for later quarters only
    continues it. Labels and true incomes go to ``truth/``.

    Args:
        settings: of the home.
        scale: households as a share of the region's.
        seed: another seed gives another world.
        fabrication_share: share of villages in which figures are made up, at most 0.2.
        types: fabrications to choose from (``plants.FABRICATIONS``), all of them if None.
        doses: strengths to choose from.
        has_look_alikes: whether honest look-alikes are planted too.
        first: first quarter that is written.
        last: last quarter that is written.
        progress: is told whenever a part is finished.

    Raises:
        ValueError: the scale, the share, a type, a dose or the range of quarters cannot be
            simulated, or the home holds submissions that are not simulated.
    """
    first = first or Quarter(FIRST_QUARTER)
    last = last or _DEFAULT_LAST
    if settings.ledger_file.exists() and not settings.is_synthetic:
        raise ValueError(f"{settings.home} holds real submissions: simulate into another home")
    if not 0 < scale <= 1:
        raise ValueError("scale must lie in (0, 1]")
    if not 0 <= index_of(first) <= index_of(last) < HORIZON - 1:
        raise ValueError(
            f"quarters must lie between {quarter_at(0)} and {quarter_at(HORIZON - 2)}, in order"
        )
    settings.inbox.mkdir(parents=True, exist_ok=True)
    describe_deployment(settings, scale=scale, seed=seed)
    order = Order(
        settings.home,
        settings.seeds,
        scale,
        seed,
        fabrication_share,
        index_of(first),
        index_of(last),
        settings.pseudonym_secret,
        None if types is None else tuple(types),
        tuple(doses),
        has_look_alikes,
    )
    _planted(order)  # an order that cannot be planted is refused before any file is written
    shutil.rmtree(order.scratch, ignore_errors=True)
    counties = load_counties(settings.seeds)
    by_size = sorted(
        range(len(counties)),
        key=lambda index: -load_assumptions().households_of(counties[index].code, scale),
    )
    departmental = [
        contract
        for contract in load_contracts().values()
        if not contract.is_sent_by_counties and contract.dataset in {*BUILDERS, *REGIONAL}
    ]
    quarters = quarters_between(first, last)
    total = len(counties) + len(quarters) * len(departmental)
    done = 0

    def advance(description: str) -> None:
        nonlocal done
        done += 1
        if progress:
            progress(description, done, total)

    context = get_context("forkserver")
    with ProcessPoolExecutor(settings.workers, mp_context=context) as pool:
        work = [pool.submit(_simulate_county, order, index) for index in by_size]
        for future in as_completed(work):
            advance(f"县 {counties[future.result()].name}")
        files = [
            pool.submit(_write_department, order, contract.dataset, t)
            for t in range(order.first, order.last + 1)
            for contract in departmental
        ]
        for written in as_completed(files):
            advance(f"部门 {written.result()}")
    _gather_truth(settings, order)
    shutil.rmtree(order.scratch)
    return settings.inbox


def describe_deployment(settings: Settings, *, scale: float, seed: int) -> None:
    """Say in the home folder that its data is simulated, and give it a reproducible key."""
    (settings.home / "deployment.toml").write_text(
        f"is_synthetic = true\nsample_fraction = {scale!r}\n", encoding="utf-8"
    )
    key = settings.home / "secrets" / "pseudonym.key"
    if not key.exists():
        key.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_secret(key, hashlib.sha256(f"simulated deployment {seed}".encode()).hexdigest())


def live_through(
    county: County,
    planting: Planting,
    *,
    seeds: Path,
    scale: float,
    seed: int,
    quarters: int = HORIZON,
) -> CountyWorld:
    """Live through quarters 0 to ``quarters`` - 1 of a county; rows are made when asked for."""
    assumptions = load_assumptions()
    people = populate(county, assumptions, planting, scale=scale, seed=seed, quarters=quarters)
    economy = earn(people, assumptions, planting, seed=seed)
    reports = report(people, economy, planting, assumptions, seed=seed)
    return CountyWorld(
        people, economy, reports, planting, assumptions, load_contracts(), seeds, seed, BUILDERS
    )


def county_world(order: Order, index: int) -> CountyWorld:
    """Live through one county with what the order plants there."""
    return live_through(
        load_counties(order.seeds)[index],
        _planting(order, index),
        seeds=order.seeds,
        scale=order.scale,
        seed=order.seed,
    )


def _simulate_county(order: Order, index: int) -> int:
    """Write a county's own files, leave its rows for the departments'."""
    contracts, world = load_contracts(), county_world(order, index)
    county = world.people.county
    sender = Sender(county.code, county.name, county.prefecture, index)
    for t in range(order.first, order.last + 1):
        for dataset, table in county_rows(world, t).items():
            if contracts[dataset].is_sent_by_counties:
                first = first_income_report(world, t) if dataset == _REVISED else None
                _file(order, dataset, sender, t, table, first)
            else:
                _leave(order.scratch / dataset / f"{t:03d}", county.code, table)
    quarters = range(order.first, order.last + 1)
    for name, table in truth_of(world, quarters, order.key).items():
        _leave(order.scratch / "truth" / name, county.code, table)
    return index


def _planted(order: Order) -> tuple[list[int], list[list[Plant]]]:
    """Return how many villages each county has and what is planted in it, over the region."""
    assumptions = load_assumptions()
    villages = [
        village_count(county, assumptions, order.scale) for county in load_counties(order.seeds)
    ]
    return villages, plan(
        order.seed,
        villages,
        order.fabrication_share,
        types=order.types,
        doses=order.doses,
        has_look_alikes=order.has_look_alikes,
    )


def _planting(order: Order, index: int) -> Planting:
    """Return what is planted in a county; the choice is made over the whole region."""
    villages, plants = _planted(order)
    planting = planting_of(
        plants[index],
        villages=villages[index],
        quarters=HORIZON,
        award_growth=load_assumptions().labour.award_growth,
    )
    planting.inflated_claims = plan_claims(order.seed, len(villages), order.fabrication_share)[
        index
    ]
    return planting


def _write_department(order: Order, dataset: str, t: int) -> str:
    contract = load_contracts()[dataset]
    if dataset in REGIONAL:
        table = REGIONAL[dataset](t)
    else:
        folder = order.scratch / dataset / f"{t:03d}"
        table = pa.concat_tables(_read(file) for file in sorted(folder.glob("*.arrow")))
    name = department_names(order.seeds)[contract.department]
    _file(order, dataset, Sender(contract.department, name), t, table)
    return f"{contract.title} {quarter_at(t).label}"


def department_names(seeds: Path) -> dict[str, str]:
    """Return the departments' Chinese names by id."""
    return {row["department_id"]: row["department_name"] for row in seed_rows("departments", seeds)}


def _file(
    order: Order,
    dataset: str,
    sender: Sender,
    t: int,
    table: pa.Table,
    first_version: pa.Table | None = None,
) -> None:
    contract = load_contracts()[dataset]
    submission = Submission(
        contract=contract,
        quarter=quarter_at(t),
        sender=sender.id,
        sender_zh=sender.name,
        prefecture_zh=sender.prefecture,
        habit=habit_of(order.seed, contract, sender.id, sender.county_index, table.num_rows),
        written_at=datetime.combine(quarter_at(t).end, time()),
        seed=order.seed,
    )
    deliver(order.inbox, submission, table, t, first_version)
    deliver_wrong(order.inbox, submission, table, t, load_counties(order.seeds))


def _leave(folder: Path, name: str, table: pa.Table) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    with (
        pa.OSFile(str(folder / f"{name}.arrow"), "wb") as sink,
        pa.ipc.new_file(sink, table.schema) as writer,
    ):
        writer.write_table(table)


def _read(file: Path) -> pa.Table:
    with pa.memory_map(str(file)) as source:
        return pa.ipc.open_file(source).read_all()


def _gather_truth(settings: Settings, order: Order) -> None:
    settings.truth.mkdir(parents=True, exist_ok=True)
    for folder in sorted((order.scratch / "truth").iterdir()):
        tables = [_read(file) for file in sorted(folder.glob("*.arrow"))]
        write_parquet(pa.concat_tables(tables), settings.truth / f"{folder.name}.parquet")
