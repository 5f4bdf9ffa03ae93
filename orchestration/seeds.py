"""Reading the plan and the rules as data, for code that runs without dbt."""

import csv
from pathlib import Path

from orchestration.settings import PROJECT_ROOT


def seed_rows(name: str, folder: Path = PROJECT_ROOT / "seeds") -> list[dict[str, str]]:
    """Return the rows of a seed as text, by column."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))
