"""Judging a file as it would be judged in the line, without inbox and ledger."""

from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from messes import received_of

from orchestration.contracts import load_contracts
from orchestration.ingestion.judge import judge
from orchestration.ingestion.judgement import Judgement
from orchestration.settings import Settings

Judged = tuple[Judgement, pa.Table, pa.Table]


@pytest.fixture
def home(tmp_path: Path) -> Settings:
    """An empty home with a fixed key."""
    return Settings(home=tmp_path / "var", pseudonym_key="a key for tests")


@pytest.fixture
def judge_file(home: Settings) -> Callable[..., Judged]:
    """Judge one file as a submission of 海原县 (or the department) for 2024Q3."""

    def run(file: Path, dataset: str, current_rows: int | None = None) -> Judged:
        received = received_of(file, dataset)
        return judge(file, received, load_contracts()[dataset], home, current_rows)

    return run
