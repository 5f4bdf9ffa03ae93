"""The home that the tests of publication start from."""

from pathlib import Path

import pytest
from publication_home import write_ledger, write_warehouse

from orchestration.settings import Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(home=tmp_path / "var", is_synthetic=True, sample_fraction=0.04)
    write_ledger(settings)
    write_warehouse(settings)
    return settings
