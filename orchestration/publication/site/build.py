"""Build the site of a quarter: render every page beside the old site, then take its place.

Pages carry nothing of the wall clock or of this machine: the same publication gives the same bytes.
"""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from orchestration.calendar import Quarter
from orchestration.files import empty_folder, replace_folder
from orchestration.publication import words
from orchestration.publication.marts import REGION, Marts, Row, open_marts
from orchestration.publication.site import formats
from orchestration.publication.site.county_pages import county_pages
from orchestration.publication.site.guard_pages import guard_pages
from orchestration.publication.site.material import Material
from orchestration.publication.site.measure_pages import measure_pages
from orchestration.publication.site.other_pages import (
    explaining_pages,
    safeguard_page,
    submission_page,
)
from orchestration.publication.site.overview import overview_page
from orchestration.publication.site.pages import Page
from orchestration.settings import Settings

STATIC = Path(__file__).with_name("static")
_MAP = "ningxia_counties.geojson"

_KEYS = {
    "fct_income_components": ("county_code", "quarter", "component"),
    "fct_village_income": ("village_code", "quarter", "county_code"),
    "fct_goal_attainment": ("goal_id", "quarter", "county_code"),
    "fct_measure_completion": ("indicator_id", "quarter", "county_code"),
    "fct_measure_waterfall": ("indicator_id", "quarter", "county_code", "stage", "reason"),
    "fct_village_risk": ("village_code", "quarter"),
    "fct_county_risk": ("county_code", "quarter"),
    "fct_integrity_signals": ("signal_id", "entity_type", "entity_id", "quarter"),
    "fct_lead_checks": ("village_code", "quarter", "check_id"),
    "fct_accountability": ("county_code", "quarter"),
    "fct_submissions": ("dataset", "sender", "quarter", "submission_version"),
    "fct_signal_nulls": ("signal_id", "entity_type", "quarter"),
}
"""What names a row of the marts that pages show."""

NAVIGATION = (
    ("overview", "index.html", "总览"),
    ("counties", "counties/index.html", "县（市、区）"),
    ("measures", "measures/index.html", "二十项措施"),
    ("guard", "guard/index.html", "数字增收核查"),
    ("villages", "villages/index.html", "村"),
    ("submissions", "submissions.html", "报送情况"),
    ("safeguards", "safeguards.html", "保障机制"),
    ("method", "method.html", "方法与口径"),
    ("glossary", "glossary.html", "术语"),
)


def site_index(settings: Settings, quarter: Quarter) -> Path:
    """Return the page of a quarter's site to open first."""
    return settings.reports / quarter.label / "index.html"


def reported_quarters(settings: Settings) -> list[Quarter]:
    """Return the quarters that a site has been built for, oldest first."""
    found = settings.reports.glob("[0-9][0-9][0-9][0-9]Q[1-4]/index.html")
    return sorted(Quarter.parse(index.parent.name) for index in found)


def newest_quarter(marts: Marts) -> Quarter:
    """Return the newest quarter that households have reported for."""
    (newest,) = marts.rows("select max(quarter) as quarter from fct_village_income")
    return Quarter(newest["quarter"])


def build_site(settings: Settings, quarter: Quarter | None = None) -> Path:
    """Build the site of a quarter, the newest if none is named, and return its first page.

    Raises:
        NothingPublished: there is no publication.
        ValueError: households have not reported for the quarter.
    """
    with open_marts(settings) as marts:
        asked = quarter or newest_quarter(marts)
        material = Material(marts, asked)
        if not material.present_villages:
            raise ValueError(f"{asked.label}没有已发布的农户数据 (no households are published)")
        folder = settings.reports / asked.label
        unfinished = empty_folder(folder.with_name(f".{folder.name}.site"))
        _write_static(settings, unfinished, material)
        _write_pages(unfinished, material)
    replace_folder(unfinished, folder)
    return site_index(settings, asked)


def _pages(material: Material) -> Iterator[Page]:
    yield overview_page(material)
    yield from county_pages(material)
    yield from measure_pages(material)
    yield from guard_pages(material)
    yield submission_page(material)
    yield safeguard_page(material)
    yield from explaining_pages(material)


def _write_pages(folder: Path, material: Material) -> None:
    environment = _environment(material)
    for page in _pages(material):
        file = folder / page.path
        file.parent.mkdir(parents=True, exist_ok=True)
        text = environment.get_template(page.template).render(
            page=page, root=page.root, **page.context
        )
        file.write_text(text, "utf-8")


def new_environment() -> Environment:
    """Return what the templates of this folder are rendered with."""
    return Environment(
        loader=PackageLoader("orchestration.publication.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _environment(material: Material) -> Environment:
    environment = new_environment()
    environment.filters.update(
        shown=formats.shown,
        figure_unit=formats.figure_unit,
        pct=formats.percent,
        quarter_label=formats.quarter_label,
        quarter_zh=formats.quarter_zh,
        word=lambda code, name: words.word(getattr(words, name), code),
        item=lambda code: words.word(words.items(), code),
        chart_data=chart_data,
    )
    manifest = material.marts.manifest
    environment.globals.update(
        period=material.quarter,
        manifest=manifest,
        navigation=NAVIGATION,
        words=words,
        region=REGION,
        county_names=material.county_names,
        departments=material.departments,
        catalogue=material.catalogue,
        village_names=material.village_names,
        is_synthetic=manifest.provenance.is_synthetic,
        sample_fraction=manifest.provenance.sample_fraction,
        row_key=row_key,
    )
    return environment


def chart_data(options: dict[str, Any]) -> Markup:
    """Return a chart's options as JSON that is safe inside a script element."""
    text = json.dumps(options, ensure_ascii=False, separators=(",", ":"))
    return Markup(text.replace("<", "\\u003c"))  # noqa: S704 - cannot close the element


def row_key(mart: str, row: Row) -> Markup:
    """Return the attribute that names a mart's row, for the figures inside an element."""
    values = {
        name: formats.quarter_label(row[name]) if name == "quarter" else row[name]
        for name in _KEYS[mart]
    }
    key = urlencode(values, safe=":")
    return Markup('data-k="{}"').format(key)


def _write_static(settings: Settings, folder: Path, material: Material) -> None:
    """Copy scripts and styles, and write the map and the figures' meaning as scripts.

    A page that is opened from a folder may load a script, but not read a data file.
    """
    static = folder / "static"
    shutil.copytree(STATIC, static)
    shapes = (settings.seeds / _MAP).read_text("utf-8").strip()
    (static / "ningxia.js").write_text(f"window.NINGXIA={shapes};\n", "utf-8")
    figures = {
        table: {column["column_name"]: column["term"] for column in content["columns"]}
        for table, content in material.figures.items()
        if table in _KEYS
    }
    text = json.dumps(figures, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    (static / "figures.js").write_text(f"window.FIGURES={text};\n", "utf-8")
