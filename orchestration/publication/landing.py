"""The page in front of all that a deployment reports: sites, packs, Data Docs, dbt docs."""

from pathlib import Path

from markupsafe import Markup

from orchestration.calendar import Quarter
from orchestration.publication.manifest import current_manifest
from orchestration.publication.packs import packs_folder
from orchestration.publication.site.build import STATIC, new_environment, reported_quarters
from orchestration.settings import Settings
from orchestration.validation.data_docs import data_docs_index


def landing_page(settings: Settings) -> Path:
    """Return where the landing page lies."""
    return settings.reports / "index.html"


def write_landing_page(settings: Settings) -> Path:
    """Write the landing page over what is there now, and return it."""
    quarters = reported_quarters(settings)[::-1]
    template = new_environment().get_template("landing.html")
    page = landing_page(settings)
    unfinished = page.with_suffix(".tmp")
    unfinished.write_text(
        template.render(
            manifest=current_manifest(settings),
            quarters=quarters,
            packs=[
                (quarter, found) for quarter in quarters if (found := _packs(settings, quarter))
            ],
            has_data_docs=data_docs_index(settings).exists(),
            has_dbt_docs=settings.dbt_docs.exists(),
            has_reliability=settings.reliability_plot.exists(),
            # The style sheet is our own file; the page has to open without a folder beside it.
            style=Markup((STATIC / "site.css").read_text("utf-8")),  # noqa: S704
        ),
        "utf-8",
    )
    unfinished.replace(page)
    return page


def _packs(settings: Settings, quarter: Quarter) -> list[str]:
    return sorted(pack.name for pack in packs_folder(settings, quarter).glob("*.xlsx"))
