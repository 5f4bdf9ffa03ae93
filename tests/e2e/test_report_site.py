"""The report site of a run-through quarter: every page in a real browser, from the disk."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

import duckdb
import pytest
from chromium import needs_browser, running_browser
from lxml import html
from playwright.sync_api import Browser, Page

from orchestration.calendar import Quarter
from orchestration.publication.landing import landing_page
from orchestration.publication.packs import packs_folder
from orchestration.publication.site import build_site, site_index
from orchestration.publication.words import seed_rows
from orchestration.settings import Settings

QUARTER = Quarter.parse("2024Q3")


@pytest.fixture(scope="module")
def site(small_home: Settings) -> Path:
    return site_index(small_home, QUARTER).parent.resolve()


@pytest.fixture(scope="module")
def trees(site: Path) -> dict[Path, html.HtmlElement]:
    return {file: html.fromstring(file.read_bytes()) for file in sorted(site.rglob("*.html"))}


@pytest.fixture(scope="module")
def marts(small_home: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    database = str(small_home.published / "zengshou.duckdb")
    with duckdb.connect(database, read_only=True) as connection:
        yield connection


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with running_browser() as running:
        yield running


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page(viewport={"width": 1280, "height": 900})
    yield opened
    opened.close()


def _pages_of_each_kind(site: Path) -> list[Path]:
    villages = sorted((site / "villages").glob("[0-9]*.html"))
    return [
        *(site / name for name in ("index.html", "submissions.html", "safeguards.html")),
        *(site / name for name in ("method.html", "glossary.html", "figures.html")),
        *(site / name for name in ("counties/index.html", "measures/index.html")),
        *(
            site / name
            for name in ("guard/index.html", "guard/signals.html", "villages/index.html")
        ),
        site / "counties/640522.html",
        site / "measures/01.html",
        *villages[:1],
        *villages[-1:],
    ]


def test_there_is_a_page_for_every_county_measure_and_village(
    site: Path, marts: duckdb.DuckDBPyConnection
) -> None:
    villages = marts.execute(
        "select village_code from fct_village_income where quarter = '2024-07-01'"
    ).fetchall()
    assert {file.stem for file in (site / "villages").glob("[0-9]*.html")} == {
        code for (code,) in villages
    }
    assert len(list((site / "counties").glob("[0-9]*.html"))) == 22
    assert len(list((site / "measures").glob("[0-9]*.html"))) == 20


def test_the_glossary_speaks_both_languages(
    site: Path, trees: dict[Path, html.HtmlElement]
) -> None:
    rows = trees[site / "glossary.html"].xpath("//table[@id='term-table']/tbody/tr")
    shown = [[cell.text_content() for cell in row] for row in rows]
    columns = ("term_zh", "term_en", "meaning_zh", "meaning_en")
    assert shown == [[term[name] for name in columns] for term in seed_rows("glossary")]
    assert shown


def test_every_link_and_anchor_leads_somewhere(
    site: Path, trees: dict[Path, html.HtmlElement]
) -> None:
    anchors = {file: set(tree.xpath("//@id")) for file, tree in trees.items()}
    outside = {site.parent / "index.html", site.parent / "data_docs" / "index.html"}
    broken = []
    for file, tree in trees.items():
        for link in {*tree.xpath("//a/@href"), *tree.xpath("//link/@href"), *tree.xpath("//@src")}:
            parts = urlsplit(link)
            if parts.scheme == "data":
                continue
            assert not parts.scheme, (file, link)
            assert not parts.netloc, (file, link)
            target = (file.parent / unquote(parts.path)).resolve() if parts.path else file
            is_there = target.exists() and (target.is_relative_to(site) or target in outside)
            has_anchor = not parts.fragment or parts.fragment in anchors.get(target, ())
            if not (is_there and has_anchor):
                broken.append((str(file.relative_to(site)), link))
    assert not broken


def test_every_figure_names_one_row_and_one_column_of_a_mart(
    trees: dict[Path, html.HtmlElement], marts: duckdb.DuckDBPyConnection
) -> None:
    addresses: set[tuple[str, str, tuple[tuple[str, str], ...]]] = set()
    for tree in trees.values():
        for link in tree.xpath("//a[@class='f'][contains(@href, 'figures.html#')]"):
            mart, column = link.get("href").partition("#")[2].split(".")
            keys = [at.get("data-k") for at in link.iterancestors() if at.get("data-k")]
            assert keys, html.tostring(link)
            addresses.add((mart, column, tuple(sorted(parse_qsl("&".join(keys))))))
    assert len(addresses) > 5_000
    by_shape: dict[tuple[str, tuple[str, ...]], set[tuple[str, ...]]] = {}
    for mart, column, key in addresses:
        names = tuple(name for name, _ in key)
        by_shape.setdefault((mart, names), set()).add(tuple(value for _, value in key))
        marts.execute(f'select "{column}" from {mart} limit 0')  # noqa: S608
    for (mart, names), rows in by_shape.items():
        texts = [
            "year(quarter) || 'Q' || quarter(quarter)" if name == "quarter" else f"{name}::varchar"
            for name in names
        ]
        every_row = f"select {', '.join(texts)} from {mart}"  # noqa: S608
        found = Counter(marts.execute(every_row).fetchall())
        assert {row: found[row] for row in rows if found[row] != 1} == {}, mart


def test_small_villages_are_not_shown(
    site: Path, marts: duckdb.DuckDBPyConnection, trees: dict[Path, html.HtmlElement]
) -> None:
    small = marts.execute(
        "select village_code, per_capita_reported, net_income_reported from fct_village_income "
        "where quarter = '2024-07-01' and households < 5"
    ).fetchall()
    assert small, "the small world has small villages"
    everything = {file: file.read_text("utf-8") for file in trees}
    for code, per_capita, total in small:
        own = everything[site / "villages" / f"{code}.html"]
        assert "※" in own
        for amount in (per_capita, total):
            for shape in (f"{amount:,.2f}", f"{amount:.2f}", f"{amount:,.0f}<"):
                assert f">{shape}" not in own, (code, shape)
                assert not re.search(rf"[\[,]{re.escape(f'{amount:f}')}[\],]", own), (code, amount)


def test_no_page_names_a_household_and_each_says_what_is_synthetic(
    trees: dict[Path, html.HtmlElement],
) -> None:
    for file, tree in trees.items():
        text = tree.text_content()
        assert not re.search(r"\b[0-9a-f]{64}\b", text), file
        assert not re.search(r"\b\d{17}[\dX]\b", text), file
        assert "模拟数据" in text, file


def test_pages_can_be_read_by_a_screen_reader(trees: dict[Path, html.HtmlElement]) -> None:
    for file, tree in trees.items():
        assert tree.get("lang") == "zh-CN", file
        assert len(tree.xpath("//h1")) == 1, file
        assert tree.xpath("//main[.//h1]"), file
        assert tree.xpath("//nav[@aria-label]"), file
        assert not tree.xpath("//thead//th[not(@scope)]"), file
        assert not tree.xpath("//*[@role='img'][not(@aria-label)]"), file
        assert not tree.xpath("//input[not(ancestor::label)] | //select[not(ancestor::label)]"), (
            file
        )
        ids = Counter(tree.xpath("//@id"))
        assert [name for name, times in ids.items() if times > 1] == [], file


def test_the_same_publication_gives_the_same_bytes(changeable_home: Settings, site: Path) -> None:
    rebuilt = build_site(changeable_home, QUARTER).parent
    for file in sorted(site.rglob("*")):
        if file.is_file():
            assert (rebuilt / file.relative_to(site)).read_bytes() == file.read_bytes(), file


@pytest.mark.parametrize("width", [1280, 390])
@needs_browser
def test_pages_open_from_the_disk_without_an_error_or_a_request(
    site: Path, browser: Browser, width: int
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    problems: list[str] = []
    page.on("console", lambda message: problems.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: problems.append(f"{page.url}: {error}"))
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((site.as_uri(), "data:"))
            else problems.append(request.url)
        ),
    )
    pages = sorted(site.rglob("*.html")) if width == 1280 else _pages_of_each_kind(site)
    for file in pages:
        page.goto(file.as_uri())
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, (file, wide)
        blank = page.evaluate(
            "[...document.querySelectorAll('.drawing')].filter(d => !d.querySelector('svg')).length"
        )
        assert blank == 0, file
    assert problems == []
    context.close()


@needs_browser
def test_charts_fit_on_paper(site: Path, page: Page) -> None:
    page.set_viewport_size({"width": 1400, "height": 900})
    for name in ("index.html", "guard/index.html", "counties/640522.html"):
        page.goto((site / name).as_uri())
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.set_viewport_size({"width": 1010, "height": 700})  # A4 landscape less its margins
        page.emulate_media(media="print")
        cut = page.evaluate(
            """[...document.querySelectorAll('.drawing svg')].filter(svg => {
                const paper = svg.getBoundingClientRect();
                return [...svg.children].some(part => {
                    const box = part.getBoundingClientRect();
                    return box.right > paper.right + 1 || box.bottom > paper.bottom + 1;
                });
            }).length"""
        )
        assert cut == 0, name
        page.emulate_media(media="screen")
        page.set_viewport_size({"width": 1400, "height": 900})


def test_a_county_names_its_pack_by_its_file_name(site: Path, small_home: Settings) -> None:
    packs = packs_folder(small_home, Quarter.parse("2024Q3")).glob("*.xlsx")
    for pack in packs:
        county = pack.name.split("__")[1]
        assert pack.name in (site / "counties" / f"{county}.html").read_text("utf-8")


@needs_browser
def test_the_map_shows_22_counties_and_leads_to_them(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.locator("#chart-map").scroll_into_view_if_needed()
    page.wait_for_selector("#chart-map svg text")
    names = page.locator("#chart-map svg text").all_text_contents()
    assert {"海原县", "盐池县", "同心县"} <= set(names)
    assert page.evaluate("NINGXIA.features.length") == 22
    chosen = page.get_by_role("button", name="核实增速", exact=True)
    chosen.click()
    assert chosen.get_attribute("aria-pressed") == "true"
    page.locator("#chart-map svg text", has_text="海原县").first.click(force=True)
    page.wait_for_url("**/counties/640522.html")


@needs_browser
def test_villages_can_be_searched_filtered_and_sorted(site: Path, page: Page) -> None:
    page.goto((site / "villages" / "index.html").as_uri())
    rows = page.locator("#village-table tbody tr")
    visible = page.locator("#village-table tbody tr:visible")
    everything = rows.count()
    page.locator("select[data-filter=county]").select_option(label="海原县")
    shown = visible.count()
    assert 0 < shown < everything
    assert {row.split("\t")[1] for row in visible.all_inner_texts()} == {"海原县"}
    assert page.locator("output").inner_text() == f"{shown} / {everything}"
    page.get_by_label("查找").fill("没有这个村")
    assert visible.count() == 0
    page.get_by_label("查找").fill("")
    page.locator("select[data-filter=county]").select_option(value="")
    head = page.get_by_role("columnheader", name="上报（元／人）")
    head.get_by_role("button").click()
    assert head.get_attribute("aria-sort") == "ascending"
    column = page.locator("#village-table tbody td:nth-child(6)").all_inner_texts()
    numbers = [float(text.replace(",", "")) for text in column if text not in ("—", "※")]
    assert numbers == sorted(numbers)
    assert column[: len(numbers)] == [text for text in column if text not in ("—", "※")]


@needs_browser
def test_a_figure_says_what_it_means_and_how_to_trace_it(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.locator(".card.verified a.f").first.click()
    dialog = page.get_by_role("dialog")
    assert dialog.get_by_role("heading").inner_text() == "核实人均"
    command = dialog.locator(".command").inner_text()
    assert command == (
        "zengshou explain 'fct_income_components.per_capita_verified"
        "?county_code=640000&quarter=2024Q3&component=net_income'"
    )
    page.keyboard.press("Escape")
    assert not dialog.is_visible()
    page.goto((site / "villages" / "index.html").as_uri())
    page.locator("#village-table tbody td:nth-child(6) a.f").first.click()
    assert "fct_village_income.per_capita_reported?village_code=" in (
        page.locator("dialog .command").inner_text()
    )


@needs_browser
def test_a_page_can_be_walked_with_the_keyboard(site: Path, page: Page) -> None:
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.goto((site / "submissions.html").as_uri())
    page.locator("#submission-table thead button").first.focus()
    page.keyboard.press("Enter")
    assert page.locator("#submission-table th[aria-sort=ascending]").count() == 1


@needs_browser
def test_the_landing_page_leads_to_everything(small_home: Settings, page: Page) -> None:
    page.goto(landing_page(small_home).as_uri())
    assert page.get_by_text("模拟数据").is_visible()
    links = page.locator("main a").evaluate_all("all => all.map(a => a.href)")
    files = [Path(unquote(urlsplit(link).path)) for link in links]
    assert all(file.exists() for file in files), files
    assert {"2024Q3", "data_docs", "dbt_docs", "evidence_packs"} <= {
        part for file in files for part in file.parts
    }
