"""A simulated inbox: reproducible to the byte, accepted by the line, labels kept out of it."""

import hashlib
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from orchestration.calendar import Quarter
from orchestration.contracts import load_contracts
from orchestration.ingestion.judge import judge
from orchestration.receiving.receive import receive_inbox
from orchestration.receiving.submission import Received
from orchestration.settings import Settings
from orchestration.simulation import simulate

FIRST, LAST = Quarter.of(2024, 1), Quarter.of(2024, 2)
SCALE = 0.002


@dataclass
class Run:
    """A simulated home and what was told about its making."""

    settings: Settings
    progress: list[tuple[int, int]]

    @property
    def files(self) -> dict[str, tuple[str, float]]:
        """Hash and time of every file in the inbox."""
        return _contents(self.settings.inbox)


def _run(home: Path, first: Quarter, last: Quarter, **options: Any) -> Run:
    seen: list[tuple[int, int]] = []
    simulate(
        Settings(home=home),
        **({"scale": SCALE, "seed": 5} | options),
        first=first,
        last=last,
        progress=lambda _text, done, total: seen.append((done, total)),
    )
    return Run(Settings(home=home), seen)


def _contents(folder: Path) -> dict[str, tuple[str, float]]:
    return {
        file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime)
        for file in folder.iterdir()
    }


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return _run(tmp_path_factory.mktemp("world") / "var", FIRST, LAST)


@pytest.fixture(scope="module")
def honest(tmp_path_factory: pytest.TempPathFactory) -> Run:
    home = tmp_path_factory.mktemp("honest") / "var"
    return _run(home, LAST, LAST, fabrication_share=0.0, seed=6)


def test_describes_the_deployment_as_synthetic(world: Run) -> None:
    assert world.settings.is_synthetic
    assert world.settings.sample_fraction == SCALE
    assert (world.settings.home / "secrets" / "pseudonym.key").stat().st_mode & 0o077 == 0


def test_same_order_gives_the_same_bytes_and_times(world: Run, tmp_path: Path) -> None:
    again = _run(tmp_path / "var", FIRST, LAST)
    assert world.files == again.files
    for name in ("household_income", "plants", "village_quarters"):
        first, second = (run.settings.truth / f"{name}.parquet" for run in (world, again))
        assert first.read_bytes() == second.read_bytes()


def test_a_later_quarter_continues_the_same_world(world: Run, tmp_path: Path) -> None:
    alone = _run(tmp_path / "var", LAST, LAST)
    assert alone.files.items() < world.files.items()


def test_another_seed_gives_another_world(world: Run, honest: Run) -> None:
    names = world.files.keys() & honest.files.keys()
    assert all(world.files[name] != honest.files[name] for name in names)


def test_honest_world_has_look_alikes_but_no_fabrication(honest: Run) -> None:
    plants = pq.read_table(honest.settings.truth / "plants.parquet").to_pylist()
    assert {plant["kind"] for plant in plants} == {"look_alike"}
    overstated = pq.read_table(honest.settings.truth / "village_quarters.parquet")
    assert not any(overstated["net_income_overstated"].to_pylist())


def test_labels_lie_outside_the_inbox(world: Run) -> None:
    plants = pq.read_table(world.settings.truth / "plants.parquet").to_pylist()
    assert any(plant["kind"] == "fabrication" for plant in plants)
    types = {plant["type"] for plant in plants}
    for file in world.settings.inbox.iterdir():
        content = file.read_bytes()
        assert not [name for name in types if name.encode() in content]
    assert not (world.settings.home / ".simulation").exists()


def test_progress_reaches_its_total(world: Run) -> None:
    total = world.progress[-1][1]
    assert world.progress == [(done, total) for done in range(1, total + 1)]


def test_range_outside_the_simulated_time_is_refused(tmp_path: Path) -> None:
    for first, last in ((Quarter.of(2022, 3), LAST), (LAST, FIRST), (FIRST, Quarter.of(2030, 1))):
        with pytest.raises(ValueError, match="quarters"):
            simulate(Settings(home=tmp_path / "var"), scale=SCALE, first=first, last=last)


def test_home_with_real_submissions_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path / "var")
    settings.ledger_file.parent.mkdir(parents=True)
    settings.ledger_file.write_text("{}\n")
    with pytest.raises(ValueError, match="real submissions"):
        simulate(settings, scale=SCALE, first=LAST, last=LAST)
    assert not settings.inbox.exists()


def test_honest_files_are_accepted(world: Run, tmp_path: Path) -> None:
    """Only the planted wrong files are refused, and few rows of the others."""
    contracts, settings = load_contracts(), Settings(home=tmp_path / "var")
    shutil.copytree(world.settings.inbox, settings.inbox)
    taken = [t for t in receive_inbox(settings, contracts) if isinstance(t, Received)]
    # A register that is not filed supports no figure: each has rows in every quarter, but for the
    # plans that no county had issued by then and the checks that nobody had waived.
    for quarter in (FIRST, LAST):
        filed = [(t.dataset, t.sender) for t in taken if t.quarter == quarter]
        missing = set(contracts) - {dataset for dataset, _ in filed}
        assert missing <= {"county_plans", "audit_waivers"}
        assert len({sender for dataset, sender in filed if dataset == "household_roster"}) == 22
    read = quarantined = 0
    for received in taken:
        archived = next(
            (settings.landing / received.file_sha256[:2]).glob(f"{received.file_sha256}*")
        )
        judgement, _, _ = judge(archived, received, contracts[received.dataset], settings)
        if "（补）" in received.file_name:
            assert judgement.outcome == "rejected"
            continue
        assert judgement.outcome != "rejected", (received.file_name, judgement.rejection)
        assert judgement.is_control_total_matched is not False, received.file_name
        read += judgement.rows_read
        quarantined += judgement.rows_quarantined
    assert read > 5_000
    assert quarantined < 0.02 * read
