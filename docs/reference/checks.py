"""What Great Expectations guards: every suite with its expectations, as auditors read them."""

from collections.abc import Iterator

from docs.reference.markdown import code, link, table
from orchestration.settings import PROJECT_ROOT
from orchestration.validation.suites import (
    STAGE_TITLES_ZH,
    STAGES,
    Suite,
    load_suites,
    threshold,
)

_HEAD = """
The suites of `expectations/`: what stands between intermediate models and marts (`structure`) and
before publication (`figures`). How they are written: [校验套件](../../expectations/README.md); how
auditors let one stand for a while: [answer a lead](../how-to/answer-a-lead.md). What dbt tests
besides is listed with each [mart](marts.md).

“阻断”的校验不满足时不发布；“提示”只告知。阈值出处分方案、定义和项目判断。
"""
_CONDITIONS = {
    "expect_column_values_to_be_null": "应无值",
    "expect_column_values_to_not_be_null": "不得为空",
    "expect_compound_columns_to_be_unique": "组合不得重复",
}
_SEVERITIES = {"critical": "阻断", "warning": "提示"}


def lines() -> Iterator[str]:
    """Yield the page."""
    yield "# Checks (校验)"
    yield _HEAD
    for stage in STAGES:
        yield f"## {STAGE_TITLES_ZH[stage]} {stage}\n"
        suites = load_suites(stage)
        yield from table(
            ("suite", "校验套件", "保护的模型", "用途"),
            (
                [link("checks", suite.name), suite.title_zh, _asset(suite), suite.purpose_zh]
                for suite in suites
            ),
        )
        for suite in suites:
            yield from _suite(suite)


def _suite(suite: Suite) -> Iterator[str]:
    folder = f"../../expectations/{suite.stage}/{suite.name}"
    yield from (f"### {suite.name}", "", f"**{suite.title_zh}** {suite.title_en}。", "")
    yield f"{suite.purpose_zh}（[SQL]({folder}.sql)，[JSON]({folder}.json)）"
    yield ""
    yield from table(
        ("编号", "校验", "列", "条件", "级别", "阈值出处", "不满足时"),
        (
            [
                code(item["meta"]["id"]),
                item["meta"]["title_zh"],
                _columns(item["kwargs"]),
                _CONDITIONS.get(item["type"]) or threshold(item["kwargs"]),
                _SEVERITIES[item["severity"]],
                item["notes"],
                item["meta"]["remedy_zh"],
            ]
            for item in suite.expectations
        ),
    )


def _columns(kwargs: dict[str, object]) -> str:
    names = kwargs.get("column_list") or [kwargs["column"]]
    return code(*names)  # type: ignore[misc]


def _asset(suite: Suite) -> str:
    is_mart = any((PROJECT_ROOT / "dbt_project/models/marts").rglob(f"{suite.asset}.sql"))
    return link("marts", suite.asset) if is_mart else code(suite.asset)
