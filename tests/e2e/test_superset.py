"""The dashboards in a real Superset, over DuckDB and over PostgreSQL: imported, opened, right.

Minutes long, and Superset lives in an environment of its own: run by `make test-superset`.
"""

import json
import os
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest
import requests
from chromium import NEEDS_BROWSER, running_browser
from playwright.sync_api import Browser, Page, Request, Response, expect

from bi.superset.bundle import ASSETS, DASHBOARDS, charts_of, sources, write_bundle
from orchestration.publication.postgresql import publish_to
from orchestration.settings import PROJECT_ROOT, Settings
from tests.integration.publication.postgresql_server import needs_postgresql, running_server
from tests.local_server import free_port, wait_for

SUPERSET = PROJECT_ROOT / ".venv-superset" / "bin" / "superset"
SCREENSHOTS = os.environ.get("ZENGSHOU_SCREENSHOTS")
_PATIENCE = 60_000
LOGIN = {"username": "admin", "password": "admin"}

pytestmark = [
    pytest.mark.nightly,
    pytest.mark.skipif(not SUPERSET.exists(), reason="needs `make test-superset`"),
    needs_postgresql,
    *NEEDS_BROWSER,
]

Answers = dict[str, tuple[dict[str, Any], dict[str, Any]]]
"""What each chart asked for and was given, by its title."""


@dataclass(frozen=True)
class Superset:
    """A running server, and how to call its commands."""

    address: str
    environment: dict[str, str]

    def command(self, *arguments: str | Path) -> None:
        subprocess.run([SUPERSET, *arguments], env=self.environment, check=True)

    def replace_assets(self, bundle: Path) -> None:
        """Import a bundle through the interface that overwrites."""
        with requests.Session() as session:
            session.trust_env = False
            login = session.post(
                f"{self.address}/api/v1/security/login", json={**LOGIN, "provider": "db"}
            ).json()
            session.headers["Authorization"] = f"Bearer {login['access_token']}"
            token = session.get(f"{self.address}/api/v1/security/csrf_token/").json()["result"]
            with bundle.open("rb") as file:
                answer = session.post(
                    f"{self.address}/api/v1/assets/import/",
                    files={"bundle": file},
                    headers={"X-CSRFToken": token, "Referer": self.address},
                )
        assert answer.json() == {"message": "OK"}, answer.text


@pytest.fixture(scope="module")
def superset(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Superset]:
    home = tmp_path_factory.mktemp("superset")
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
        "HOME": str(home),
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(PROJECT_ROOT / "bi" / "superset" / "superset_config.py"),
        "SUPERSET_SECRET_KEY": "a key for the time of a test, and for nothing else",
        "FLASK_APP": "superset.app:create_app",
    }
    started = Superset(f"http://127.0.0.1:{port}", environment)
    started.command("db", "upgrade")
    person = ("--firstname", "A", "--lastname", "B", "--email", "a@example.org")
    started.command(
        *("fab", "create-admin", "--username", LOGIN["username"]),
        *("--password", LOGIN["password"], *person),
    )
    started.command("init")
    server = subprocess.Popen(
        [SUPERSET, "run", "-p", str(port), "--with-threads"],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_for(f"{started.address}/health", server)
        yield started
    finally:
        server.terminate()
        server.wait()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture(scope="module")
def over_duckdb(
    superset: Superset,
    browser: Browser,
    small_home: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Answers:
    bundle = tmp_path_factory.mktemp("duckdb") / "zengshou.zip"
    database = small_home.published.resolve() / "zengshou.duckdb"
    write_bundle(bundle, f"duckdb:///{database}?access_mode=read_only", "main", DASHBOARDS)
    superset.command("import-dashboards", "-p", bundle, "-u", LOGIN["username"])
    return _look(browser, superset.address, "duckdb")


@pytest.fixture(scope="module")
def over_postgresql(
    over_duckdb: Answers,
    superset: Superset,
    browser: Browser,
    small_home: Settings,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Answers]:
    """The same dashboards once their database has been replaced by PostgreSQL."""
    assert over_duckdb
    bundle = tmp_path_factory.mktemp("postgresql") / "zengshou.zip"
    with running_server() as server:
        publish_to(small_home, server.uri(), "zengshou")
        with server.connect() as connection:
            connection.execute("create role superset login in role zengshou_reader")
        address = server.uri("superset").replace("postgresql:", "postgresql+psycopg2:")
        write_bundle(bundle, address, "zengshou", ASSETS)
        superset.replace_assets(bundle)
        yield _look(browser, superset.address, "postgresql")


def test_every_chart_is_drawn_from_duckdb(over_duckdb: Answers) -> None:
    assert set(over_duckdb) == {chart["title"] for chart in sources("charts").values()}


def test_postgresql_gives_the_same_charts(over_duckdb: Answers, over_postgresql: Answers) -> None:
    assert set(over_postgresql) == set(over_duckdb)
    for title, (_, answer) in over_duckdb.items():
        assert _rows(over_postgresql[title][1]) == _rows(answer), title


def test_figures_are_the_mart_s_own(over_duckdb: Answers, small_home: Settings) -> None:
    database = str(small_home.published / "zengshou.duckdb")
    for value in ("reported", "recomputed", "verified"):
        asked, answer = over_duckdb[sources("charts")[f"income_{value}"]["title"]]
        filters = {each["col"]: each["val"] for each in asked["queries"][0]["filters"]}
        assert filters == {"label_zh": ["2024年第3季度"], "county_name": ["宁夏回族自治区"]}
        with duckdb.connect(database, read_only=True) as connection:
            [(own,)] = connection.execute(
                f"select per_capita_{value} from fct_income_components "  # noqa: S608
                "where component = 'net_income' and county_code = '640000' "
                "and quarter = '2024-07-01'"
            ).fetchall()
        [row] = answer["result"][0]["data"]
        [shown] = row.values()
        assert shown == pytest.approx(float(own), abs=0.01)


def test_the_first_thing_said_is_that_data_are_synthetic(over_postgresql: Answers) -> None:
    _, answer = over_postgresql[sources("charts")["about_note"]["title"]]
    assert answer["result"][0]["data"][0]["note_zh"].startswith("模拟数据")


def _look(browser: Browser, address: str, name: str) -> Answers:
    """Open every dashboard as a person does; return what its charts asked and were given."""
    context = browser.new_context(viewport={"width": 1400, "height": 1000}, locale="zh-CN")
    page = context.new_page()
    problems: list[str] = []
    answers: Answers = {}
    titles = {}

    def outside(request: Request) -> None:
        if not request.url.startswith((address, "data:", "blob:")) and request.failure != "csp":
            problems.append(f"{request.url}: {request.failure}")

    def complain(text: str) -> None:
        if "Content Security Policy" not in text:
            problems.append(text)

    def keep(response: Response) -> None:
        if "/api/v1/chart/data" not in response.url:
            return
        asked = json.loads(response.request.post_data or "{}")
        number = asked.get("form_data", {}).get("slice_id")
        if number is None:  # a filter asks for its choices
            return
        if response.status != 200:
            problems.append(f"{number}: {response.text()[:500]}")
            return
        answers[str(number)] = (asked, response.json())

    page.on("requestfinished", outside)
    page.on("requestfailed", outside)
    page.on("console", lambda message: message.type == "error" and complain(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("response", keep)
    page.goto(f"{address}/login/")
    page.fill("#username", LOGIN["username"])
    page.fill("#password", LOGIN["password"])
    page.keyboard.press("Enter")
    page.wait_for_url("**/superset/welcome/**")
    for board, source in sources("dashboards").items():
        page.set_viewport_size({"width": 1400, "height": 5000})  # charts out of sight are not drawn
        page.goto(f"{address}/superset/dashboard/{source['slug']}/")
        wanted = len(set(charts_of(source)))
        # Superset's policy forbids what waiting for an expression would need.
        expect(page.locator("[data-test-chart-id]")).to_have_count(wanted, timeout=_PATIENCE)
        titles |= _titles(page)
        page.wait_for_load_state("networkidle")
        spinning = page.locator(".loading, [data-test=loading-indicator]")
        expect(spinning).to_have_count(0, timeout=_PATIENCE)
        assert page.locator("[data-test=alert], .ant-alert-error").count() == 0, board
        if SCREENSHOTS:
            bottom = page.evaluate(
                "Math.max(...[...document.querySelectorAll('[data-test-chart-id]')]"
                ".map(chart => chart.getBoundingClientRect().bottom))"
            )
            page.set_viewport_size({"width": 1400, "height": int(bottom) + 60})
            page.wait_for_timeout(3000)
            page.screenshot(path=Path(SCREENSHOTS) / f"superset_{board}_{name}.png")
    context.close()
    assert problems == []
    return {titles[number]: answer for number, answer in answers.items()}


def _titles(page: Page) -> dict[str, str]:
    """Return the titles of a dashboard's charts by their number."""
    return page.evaluate(
        "Object.fromEntries([...document.querySelectorAll('[data-test-chart-id]')].map(chart =>"
        " [chart.dataset.testChartId, chart.dataset.testChartName]))"
    )


def _rows(answer: dict[str, Any]) -> list[str]:
    """Return the rows of an answer so that two databases can be compared.

    Superset ranks a heat map's cells itself; among equal ones the order of arrival decides.
    """
    assert not any(result["is_cached"] for result in answer["result"])
    return sorted(
        repr(
            [
                round(value, 6) if isinstance(value, float) else value
                for column, value in row.items()
                if column != "rank"
            ]
        )
        for result in answer["result"]
        for row in result["data"]
    )
