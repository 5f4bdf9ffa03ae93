"""A run that is killed at any moment is made good by the next one."""

import random
import time
from collections.abc import Callable

import pytest

from orchestration.publication.manifest import MANIFEST
from orchestration.settings import Settings

# Killed while receiving: tests/integration/receiving/test_kill.py.
MOMENTS: dict[str, Callable[[Settings], bool]] = {
    "judging": lambda home: any(home.accepted.glob("household_roster/*/*-v1.parquet")),
    "computing": lambda home: home.warehouse.exists(),
    "publishing": lambda home: (home.publications / ".building").exists(),
}


@pytest.mark.parametrize(
    "moments",
    [
        pytest.param(["publishing"], id="publishing"),
        pytest.param(["judging", "computing"], id="earlier", marks=pytest.mark.nightly),
    ],
)
def test_killed_runs_end_in_the_same_publication(
    small_home: Settings, unrun_home: Settings, start_zengshou, zengshou, moments: list[str]
) -> None:
    for moment in moments:
        process = start_zengshou(unrun_home.home, "run")
        while not MOMENTS[moment](unrun_home):
            assert process.poll() is None, (moment, process.communicate()[0])
            time.sleep(0.01)
        process.kill()
        process.wait()
    zengshou(unrun_home.home, "run")
    _assert_same_publication(unrun_home, small_home)


@pytest.mark.nightly
@pytest.mark.parametrize("seed", range(5))
def test_runs_killed_at_random_end_in_the_same_publication(
    small_home: Settings, unrun_home: Settings, start_zengshou, zengshou, seed: int
) -> None:
    moments = random.Random(seed)  # noqa: S311 - a test plan, no secret
    for _ in range(6):
        process = start_zengshou(unrun_home.home, "run")
        time.sleep(moments.uniform(2, 60))
        process.kill()
        process.wait()
    zengshou(unrun_home.home, "run")
    _assert_same_publication(unrun_home, small_home)


def _assert_same_publication(settings: Settings, expected: Settings) -> None:
    for file in expected.published.rglob("*"):
        if file.is_file() and (file.suffix == ".parquet" or file.name == MANIFEST):
            same = settings.published / file.relative_to(expected.published)
            assert same.read_bytes() == file.read_bytes(), file.name
