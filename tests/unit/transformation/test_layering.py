"""Data flows one way: sources → staging → intermediate → marts."""

import re
from pathlib import Path

import pytest
import yaml

from orchestration.settings import PROJECT_ROOT

PROJECT = PROJECT_ROOT / "dbt_project"
SEEDS = {file.stem for file in (PROJECT_ROOT / "seeds").glob("*.csv")}
MAY_READ = {
    "staging": set(),
    "intermediate": {"staging", "intermediate", "seeds"},
    "marts": {"intermediate", "seeds"},
}
MODELS = sorted((PROJECT / "models").rglob("*.sql"))
LAYER = {file.stem: file.relative_to(PROJECT / "models").parts[0] for file in MODELS}
PREFIXES = {"staging": ("stg_",), "intermediate": ("int_",), "marts": ("dim_", "fct_")}


@pytest.mark.parametrize("model", MODELS, ids=lambda file: file.stem)
def test_a_model_reads_only_the_layer_before_it(model: Path) -> None:
    text = model.read_text("utf-8")
    layer = LAYER[model.stem]
    read = re.findall(r"ref\('(\w+)'\)", text)
    layers = {"seeds" if name in SEEDS else LAYER[name] for name in read}
    assert layers <= MAY_READ[layer]
    reads_sources = "source(" in text or "current_rows(" in text
    assert reads_sources == (layer == "staging")
    assert model.stem.startswith(PREFIXES[layer])


def test_the_serving_database_exposes_every_mart() -> None:
    [file] = (PROJECT / "models").rglob("_exposures.yml")
    exposures = {
        item["name"]: item for item in yaml.safe_load(file.read_text("utf-8"))["exposures"]
    }
    exposed = re.findall(r"ref\('(\w+)'\)", " ".join(exposures["serving_database"]["depends_on"]))
    assert sorted(exposed) == sorted(name for name, layer in LAYER.items() if layer == "marts")
