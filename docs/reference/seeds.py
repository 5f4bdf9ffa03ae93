"""The plan and the rules as data: every seed with source and columns."""

from collections.abc import Iterator
from typing import Any

import yaml

from docs.reference.markdown import code, link, table
from orchestration.publication.words import column_terms
from orchestration.seeds import seed_rows
from orchestration.settings import PROJECT_ROOT

_FOLDER = PROJECT_ROOT / "seeds"
_HEAD = """
Each `seeds/<name>.csv`, as `seeds/_seeds.yml` describes it. A column that ends in `_quote` holds
words of the plan (`seeds/work_plan_2024_2025.txt`), and a test looks each of them up there; see
[the plan as data](plan.md). `seeds/ningxia_counties.geojson` holds the outlines for maps.
"""


def lines() -> Iterator[str]:
    """Yield the page."""
    seeds = yaml.safe_load((_FOLDER / "_seeds.yml").read_text("utf-8"))["seeds"]
    seeds.sort(key=lambda seed: seed["name"])
    yield "# Seeds (方案与规则数据)"
    yield _HEAD
    yield from table(
        ("seed", "rows", "what it is"),
        (
            [link("seeds", seed["name"]), len(seed_rows(seed["name"])), seed["description"]]
            for seed in seeds
        ),
    )
    for seed in seeds:
        yield from _seed(seed)


def _seed(seed: dict[str, Any]) -> Iterator[str]:
    rows = seed_rows(seed["name"])
    types = seed.get("config", {}).get("column_types", {})
    words = {column["name"]: column["description"] for column in seed.get("columns", ())}
    terms = column_terms()
    yield from (f"## {seed['name']}", "", seed["description"].strip(), "")
    yield f"Source: {_source(seed, rows)}."
    yield ""
    yield from table(
        ("column", "type", "what it is"),
        (
            # Columns that reach a mart have a title; _seeds.yml has words for the others.
            [code(name), types.get(name, "varchar"), words.get(name) or terms[name].title]
            for name in rows[0]
        ),
    )


def _source(seed: dict[str, Any], rows: list[dict[str, str]]) -> str:
    quotes = [name for name in rows[0] if name.endswith("_quote")]
    named = "column `source` names it row by row"
    if quotes:
        quoting = sum(any(row[name] for name in quotes) for row in rows)
        of_plan = f"the plan, quoted in {quoting} of {len(rows)} rows"
        return f"{of_plan}; {named}" if "source" in rows[0] else of_plan
    return named if "source" in rows[0] else seed["config"]["meta"]["source"]
