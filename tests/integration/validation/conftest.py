"""One small region, computed once by dbt; tests that plant something work on a copy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from validation_home import build_region

from orchestration.settings import Settings


@pytest.fixture(scope="session")
def region(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    settings = Settings(home=tmp_path_factory.mktemp("region") / "var", is_synthetic=True)
    build_region(settings)
    return settings


@pytest.fixture(scope="session")
def copy_of(
    region: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], Settings]:
    def copy(name: str) -> Settings:
        home: Path = tmp_path_factory.mktemp(name) / "var"
        shutil.copytree(region.home, home, symlinks=True)
        return region.model_copy(update={"home": home})

    return copy
