"""dbt run once, with its own tests, over the small region."""

import subprocess
from collections.abc import Iterator

import duckdb
import pytest
from small_region import Dbt, Lake, Query, fill

from orchestration.settings import Settings


@pytest.fixture(scope="session")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(Settings(home=tmp_path_factory.mktemp("dbt") / "var"))
    fill(lake)
    return lake


@pytest.fixture(scope="session")
def dbt(lake: Lake) -> Dbt:
    return Dbt(lake.settings)


@pytest.fixture(scope="session")
def built(dbt: Dbt) -> subprocess.CompletedProcess[str]:
    """The whole project, its data tests and its unit tests, with all deprecations shown."""
    return dbt("build", "--show-all-deprecations")


@pytest.fixture
def query(built: subprocess.CompletedProcess[str], lake: Lake) -> Iterator[Query]:
    assert built.returncode == 0, built.stdout
    with duckdb.connect(str(lake.settings.warehouse), read_only=True) as connection:
        yield lambda sql: connection.execute(sql).fetchall()
