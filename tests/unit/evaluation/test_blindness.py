"""The detector neither imports the simulation nor reads a label."""

import subprocess
import sys

from orchestration.settings import PROJECT_ROOT

_LOAD = """
import importlib, pkgutil, sys
import orchestration.evaluation.detector
import orchestration.forensics
for module in pkgutil.iter_modules(orchestration.forensics.__path__):
    importlib.import_module(f"orchestration.forensics.{module.name}")
print(*(name for name in sys.modules if name.startswith("orchestration.")))
"""


def test_the_detector_imports_nothing_of_the_simulation() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD], capture_output=True, text=True, check=True, cwd=PROJECT_ROOT
    )
    loaded = set(done.stdout.split())
    assert {"orchestration.evaluation.detector", "orchestration.forensics.assess"} <= loaded
    assert not {name for name in loaded if name.startswith("orchestration.simulation")}
    assert not loaded & {"orchestration.evaluation.lake", "orchestration.evaluation.scoring"}


def test_nothing_that_judges_speaks_of_labels() -> None:
    """Neither the folder of the truth nor the names of plants stand in what the detector runs."""
    judges = [
        *(PROJECT_ROOT / "orchestration/forensics").glob("*.py"),
        *(PROJECT_ROOT / "dbt_project/models").rglob("*.sql"),
        *(PROJECT_ROOT / "dbt_project/macros").glob("*.sql"),
        PROJECT_ROOT / "orchestration/evaluation/detector.py",
    ]
    assert len(judges) > 100
    for file in judges:
        text = file.read_text("utf-8")
        for word in ("truth/", "plants", "look_alike", "orchestration.simulation"):
            assert word not in text, f"{file.name} speaks of {word}"
