"""The Data Docs in a real browser, from the disk, with no network to lean on."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from chromium import NEEDS_BROWSER, running_browser
from playwright.sync_api import Page

from orchestration.ingestion.lake import SUBMISSIONS_SCHEMA, submissions_file, write_parquet
from orchestration.settings import Settings
from orchestration.validation.data_docs import data_docs_index
from orchestration.validation.stage import validate
from orchestration.validation.suites import STAGES

pytestmark = NEEDS_BROWSER


def _expectation(kind: str, title: str, severity: str, **kwargs: Any) -> dict[str, Any]:
    meta = {"id": title, "title_zh": title, "title_en": title, "remedy_zh": "核对后重报"}
    return {
        "type": f"expect_{kind}",
        "kwargs": kwargs,
        "meta": meta,
        "notes": "定义",
        "severity": severity,
        "description": title,
    }


def _write_suite(folder: Path, stage: str) -> None:
    document = {
        "name": "shares",
        "id": None,
        "expectations": [
            _expectation(
                "column_values_to_be_between", "占比在0与1之间", "critical",
                column="share", min_value=0, max_value=1,
            ),
            _expectation("column_values_to_not_be_null", "增速已知", "warning", column="growth"),
            _expectation("table_row_count_to_equal", "两县两行", "warning", value=2),
        ],
        "meta": {
            "title_zh": "收入构成",
            "title_en": "Shares",
            "purpose_zh": "占比之和为一",
            "asset": "fct_income_components",
            "keys": ["county_code", "quarter"],
        },
        "notes": None,
    }  # fmt: skip
    (folder / stage).mkdir(parents=True)
    (folder / stage / "shares.json").write_text(json.dumps(document), "utf-8")
    (folder / stage / "shares.sql").write_text(
        "select * from (values ('640522', date '2024-07-01', 0.4, 0.1), "
        "('640422', date '2024-07-01', 1.7, null)) as t (county_code, quarter, share, growth)"
    )


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("docs")
    settings = Settings(home=folder / "var", is_synthetic=True)
    write_parquet(SUBMISSIONS_SCHEMA.empty_table(), submissions_file(settings))
    settings.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse)) as warehouse:
        warehouse.execute("create table int_quarters (quarter_end date)")  # no quarter: no waiver
    for stage in STAGES:
        _write_suite(folder / "expectations", stage)
    for stage in STAGES:
        validate(settings, stage, folder / "expectations")
    return settings


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    with running_browser() as browser:
        yield browser.new_page()


def test_every_page_opens_from_disk_without_error_or_request(
    settings: Settings, page: Page
) -> None:
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(f"console: {message.text}"))
    page.on("pageerror", lambda error: troubles.append(f"error: {error}"))
    page.on("requestfailed", lambda request: troubles.append(f"failed: {request.url}"))
    page.on(
        "request",
        lambda request: (
            request.url.startswith(("file:", "data:"))
            or troubles.append(f"left the disk: {request.url}")
        ),
    )
    to_visit, visited = [data_docs_index(settings).as_uri()], set[str]()
    while to_visit:
        address = to_visit.pop()
        if address in visited:
            continue
        visited.add(address)
        page.goto(address)
        assert page.locator("h1").count() == 1
        assert page.locator("header .synthetic").inner_text() == "模拟数据"
        assert page.locator("button, form, input, script, iframe, [onclick]").count() == 0
        font = page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
        assert font == "rgb(244, 246, 248)", "the style sheet is not applied"
        links = page.locator("a[href]").evaluate_all("links => links.map(a => a.href)")
        to_visit += [link.split("#")[0] for link in links]
        for anchor in (link.split("#")[1] for link in links if "#" in link):
            assert page.locator(f"[id='{anchor}']").count() == 1
    assert troubles == []
    pages = {path.as_uri() for path in data_docs_index(settings).parent.rglob("*.html")}
    assert visited == pages
    assert len(pages) == 1 + len(STAGES)


def test_overview_says_what_to_do_and_opens_what_is_unmet(settings: Settings, page: Page) -> None:
    page.goto(data_docs_index(settings).as_uri())
    attend = page.locator(".attend tbody tr")
    assert attend.count() == 2
    assert "阻断" in attend.first.inner_text()
    assert "1.7" in attend.first.inner_text()
    assert "640422" in attend.first.inner_text()
    assert page.locator("details[open]").count() == 2


def test_result_page_shows_the_failing_row(settings: Settings, page: Page) -> None:
    page.goto((data_docs_index(settings).parent / "figures" / "shares.html").as_uri())
    text = page.locator("main").inner_text()
    assert "收入构成" in text
    assert "占比在0与1之间" in text
    assert "640422" in text
    assert "✗ 不符合" in text


def test_real_data_is_not_called_simulated(settings: Settings, tmp_path: Path) -> None:
    real = settings.model_copy(update={"home": tmp_path / "var", "is_synthetic": False})
    shutil.copytree(settings.home, real.home)
    validate(real, "figures", settings.home.parent / "expectations")
    assert "模拟数据" not in data_docs_index(real).read_text("utf-8")
