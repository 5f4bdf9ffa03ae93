"""What is published: every mart with grain, columns and tests, as dbt's YAML has them."""

from collections.abc import Iterator
from typing import Any

import yaml

from docs.reference.markdown import code, link, table
from orchestration.publication.words import column_terms, mart_terms
from orchestration.settings import PROJECT_ROOT
from orchestration.validation.suites import STAGES, load_suites

_MODELS = PROJECT_ROOT / "dbt_project/models/marts"
_HEAD = """
What `published/zengshou.duckdb` and `published/parquet/` hold, from the models' YAML. The first
sentence of each says what a row is. Null means not reported or not known, never zero. Units stand
in the descriptions: 元, 户, 人, 个, and 比例 for fractions. Beside the marts, `about` says what the
publication is: synthetic or not, share of households, date, version.

表头中文名与季度报告“指标字典”一致。“检查”列：● 不得为空；→ 取自所指的表；∈ 只有所列的值。
"""


def lines() -> Iterator[str]:
    """Yield the page."""
    documents = [
        yaml.safe_load(file.read_text("utf-8")) for file in sorted(_MODELS.rglob("_*.yml"))
    ]
    models = sorted(
        (model for document in documents for model in document.get("models", [])),
        key=lambda model: model["name"],
    )
    unit_tests = [test for document in documents for test in document.get("unit_tests", [])]
    suites = [suite for stage in STAGES for suite in load_suites(stage)]
    yield "# Marts (数据集市)"
    yield _HEAD
    yield from table(
        ("mart", "a row is"),
        ([link("marts", model["name"]), _grain(model["description"])] for model in models),
    )
    for model in models:
        name = model["name"]
        rules = _rules(model)
        (file,) = _MODELS.rglob(f"{name}.sql")
        term = mart_terms()[name]
        yield from (f"## {name}", "", f"**{term.title}** {term.meaning}。", "")
        yield from (model["description"].strip(), "")
        yield f"- model: [{file.name}](../../{file.relative_to(PROJECT_ROOT)})"
        if key := rules.get("unique_key"):
            yield f"- key: {code(*key)}"
        for words, condition in rules.get("rules", {}).items():
            yield f"- rule: {words}: {code(' '.join(condition.split()))}"
        if tried := [test["name"] for test in unit_tests if test["model"] == name]:
            yield f"- unit tests: {', '.join(test.replace('_', ' ') for test in tried)}"
        if watching := [link("checks", suite.name) for suite in suites if suite.asset == name]:
            yield f"- suites: {', '.join(watching)}"
        yield ""
        yield from _columns(model, set(rules.get("not_null", ())))


def _columns(model: dict[str, Any], required: set[str]) -> Iterator[str]:
    terms = column_terms()
    return table(
        ("column", "中文", "type", "what it is", "含义", "检查"),
        (
            [
                code(column["name"]),
                terms[column["name"]].title,
                column["data_type"],
                column["description"],
                terms[column["name"]].meaning,
                "；".join(_checks(column, required)),
            ]
            for column in model["columns"]
        ),
    )


def _grain(description: str) -> str:
    return description.split(". ")[0].split(": ")[0].rstrip(".")


def _rules(model: dict[str, Any]) -> dict[str, Any]:
    """Return the arguments of a model's merged test; there is no other test of whole models."""
    (test,) = model["data_tests"]
    return test["rules"]["arguments"]


def _checks(column: dict[str, Any], required: set[str]) -> Iterator[str]:
    if column["name"] in required:
        yield "●"
    for test in column.get("data_tests", ()):
        ((kind, rest),) = test.items()
        given = rest["arguments"]
        if kind == "relationships":
            yield f"→ {given['to'].split(chr(39))[1]}"
        elif kind == "accepted_values":
            yield f"∈ {', '.join(map(str, given['values']))}"
        else:
            raise ValueError(f"no words for the test {kind}")
