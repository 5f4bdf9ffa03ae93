"""How long the report site of a quarter takes at full size, and how large it is.

The villages of a publication are copied under other codes until there are as many as the region
has; everything else stays. Time and size are of the site alone, on the machine that is named.
"""

import shutil
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from benchmarks.measure import write
from orchestration.publication.manifest import DATABASE
from orchestration.publication.site import build_site
from orchestration.settings import Settings
from tests.e2e.chromium import running_browser

VILLAGES = 2_200
_MARTS = ("fct_village_income", "fct_village_risk", "fct_lead_checks", "dim_village")


def full_size() -> dict[str, Any]:
    """Villages, pages, seconds and MB of a full-size site, made from the home's publication."""
    with TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder))
        shutil.copytree(Settings().published.resolve(), settings.published)
        villages = multiply_villages(settings.published / DATABASE)
        started = time.perf_counter()
        site = build_site(settings).parent
        seconds = time.perf_counter() - started
        files = [file for file in site.rglob("*") if file.is_file()]
        result = {
            "villages": villages,
            "pages": sum(file.suffix == ".html" for file in files),
            "seconds": round(seconds, 1),
            "mb": round(sum(file.stat().st_size for file in files) / 1e6, 1),
            "first_page_ms": _first_page(site / "index.html"),
        }
    write("report_site", result)
    return result


def _first_page(page: Path) -> int:
    """Milliseconds until the first page is loaded and its scripts have run, the worst of five."""
    timing = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    times = []
    with running_browser() as browser:
        for _ in range(5):
            tab = browser.new_context(offline=True).new_page()
            tab.goto(page.as_uri())
            tab.wait_for_function(f"{timing} > 0")
            times.append(tab.evaluate(timing))
    return round(max(times))


def multiply_villages(database: Path) -> int:
    """Copy the villages of a publication until the region is full; return how many there are."""
    with duckdb.connect(str(database)) as connection:
        connection.execute(
            "create temp table present as select village_code, row_number() over () as number "
            "from (select distinct village_code from fct_village_income)"
        )
        (present,) = connection.execute("select count(*) from present").fetchall()[0]
        copies = -(-VILLAGES // present)
        connection.execute(
            "create temp table codes as select village_code as old, "
            "left(village_code, 6) || lpad(cast(copy * 1000 + number as varchar), 6, '9') as code "
            "from present cross join range(1, $1) as copies (copy)",
            [copies],
        )
        for mart in _MARTS:
            connection.execute(
                f"insert into {mart} select rows.* replace (codes.code as village_code) "  # noqa: S608
                f"from {mart} as rows inner join codes on rows.village_code = codes.old"
            )
        connection.execute(
            "insert into fct_integrity_signals select rows.* replace (codes.code as entity_id) "
            "from fct_integrity_signals as rows inner join codes on rows.entity_id = codes.old "
            "where rows.entity_type = 'village'"
        )
        return present * copies
