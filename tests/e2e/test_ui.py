"""The Dagster UI of a home that has run, in a real browser."""

import json
import os
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest
from chromium import NEEDS_BROWSER, running_browser
from playwright.sync_api import Page

from orchestration.settings import Settings
from tests.local_server import PATIENCE, free_port, wait_for

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def address(small_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("ui") / "var"
    shutil.copytree(small_home.home, home, symlinks=True)
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", "orchestration.cli", "dev", "--port", str(port)],
        env={**os.environ, "ZENGSHOU_HOME": str(home)},
        start_new_session=True,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(f"{address}/server_info", server)
        yield address
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait()


@pytest.fixture
def page() -> Iterator[Page]:
    with running_browser() as browser:
        yield browser.new_page(viewport={"width": 1800, "height": 1100})


def test_graph_shows_the_stages(address: str) -> None:
    # What the page draws depends on the screen: its server is asked for what it draws from.
    query = json.dumps({"query": "{ assetNodes { groupName } }"}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own server
        f"{address}/graphql", query, {"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
        nodes = json.load(answer)["data"]["assetNodes"]
    assert {
        "ingestion_counties",
        "ingestion_finance",
        "ledger",
        "intermediate_income",
        "marts_measures",
        "publication",
    } <= {node["groupName"] for node in nodes}


def test_asset_page_says_in_plain_words_what_it_is(address: str, page: Page) -> None:
    page.goto(f"{address}/assets/lake/household_income_report?view=overview")
    page.get_by_text("脱贫户家庭收入情况表").first.wait_for(timeout=PATIENCE * 1000)
    page.get_by_text("counties").first.wait_for()
