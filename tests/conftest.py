"""Homes for tests: an empty one per test, and one per session that the whole line has run over."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestration.settings import Settings

SMALL_WORLD = ("--scale", "0.002", "--from", "2023Q3", "--to", "2024Q3")
"""Five quarters: income year 2024 with all of its quarters, and the end of its base year."""

LONGEST_FIRST = (
    "e2e/test_line.py",
    "dbt/test_project.py",
    "dbt/test_figures.py",
    "validation/test_checks_in_dagster.py",
    "e2e/test_restatements.py",
    "e2e/test_killed.py",
    "integration/test_new_dataset.py",
    "validation/test_suites.py",
    "explanation/test_explanation.py",
    "e2e/test_report_site.py",
    "simulation/test_simulate.py",
)
"""Files that take a minute and more start first, so that no worker ends long after the other; the
second does not need the home that the first is building."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the longest files first; files keep their order otherwise."""

    def rank(item: pytest.Item) -> int:
        place = item.path.as_posix()
        found = (n for n, name in enumerate(LONGEST_FIRST) if place.endswith(name))
        return next(found, len(LONGEST_FIRST))

    items.sort(key=rank)


Done = subprocess.CompletedProcess[str]
Zengshou = Callable[..., Done]


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """An empty home; what the code under test does to the environment is undone."""
    settings = Settings(home=tmp_path / "var", is_synthetic=True)
    for name, value in _environment(settings.home).items():
        monkeypatch.setenv(name, value)
    return settings


@pytest.fixture(scope="session")
def start_zengshou() -> Callable[..., "subprocess.Popen[str]"]:
    """Start a ``zengshou`` command in a process of its own."""

    def start(home: Path, *arguments: str) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "orchestration.cli", *arguments],
            env={**os.environ, **_environment(home)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    return start


@pytest.fixture(scope="session")
def zengshou(start_zengshou: Callable[..., "subprocess.Popen[str]"]) -> Zengshou:
    """Run a ``zengshou`` command and return what it printed; it must succeed unless told."""

    def run(home: Path, *arguments: str, exit_code: int = 0) -> Done:
        process = start_zengshou(home, *arguments)
        output, _ = process.communicate()
        assert process.returncode == exit_code, output
        return subprocess.CompletedProcess(arguments, process.returncode, output)

    return run


@pytest.fixture(scope="session")
def simulated_home(tmp_path_factory: pytest.TempPathFactory, zengshou: Zengshou) -> Path:
    """A home whose inbox a small simulated world has filled, and nothing more. Read only."""
    return _built_once(
        tmp_path_factory, "simulated", lambda home: zengshou(home, "simulate", *SMALL_WORLD)
    )


@pytest.fixture(scope="session")
def small_home(
    tmp_path_factory: pytest.TempPathFactory, simulated_home: Path, zengshou: Zengshou
) -> Settings:
    """The small world, run through to publication. Read only."""

    def run(home: Path) -> None:
        _copy_home(simulated_home, home)
        zengshou(home, "run")

    return Settings(home=_built_once(tmp_path_factory, "small", run))


@pytest.fixture
def unrun_home(simulated_home: Path, tmp_path: Path) -> Settings:
    """A copy of the small world as it was before anything ran."""
    return Settings(home=_copy_home(simulated_home, tmp_path / "var"))


@pytest.fixture
def changeable_home(small_home: Settings, tmp_path: Path) -> Settings:
    """A copy of the small home that a test may change."""
    return Settings(home=_copy_home(small_home.home, tmp_path / "var"))


def _built_once(
    factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]
) -> Path:
    """Return a home that the first worker to ask for it has built; the others wait for it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    home, done = shared / name / "var", shared / f"{name}.done"
    with (shared / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            home.parent.mkdir()
            build(home)
            done.touch()
    return home


def _copy_home(source: Path, target: Path) -> Path:
    """Copy a home with its times: when a file was received is a matter of its time."""
    shutil.copytree(source, target, symlinks=True)
    return target


def _environment(home: Path) -> dict[str, str]:
    return {"ZENGSHOU_HOME": str(home), "DAGSTER_HOME": str(home / "dagster")}
