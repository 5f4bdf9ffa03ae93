"""All that people open of a quarter, written together: site, evidence packs, landing page."""

from dataclasses import dataclass
from pathlib import Path

from orchestration.calendar import Quarter
from orchestration.publication.landing import write_landing_page
from orchestration.publication.marts import open_marts
from orchestration.publication.packs import write_packs
from orchestration.publication.site import build_site, newest_quarter, reported_quarters
from orchestration.settings import Settings


@dataclass(frozen=True)
class Reports:
    """What was written: the first page of every site, and the packs of all quarters."""

    landing_page: Path
    sites: dict[Quarter, Path]
    packs: dict[Quarter, list[Path]]


def write_reports(settings: Settings, quarter: Quarter | None = None) -> Reports:
    """Write the reports of a quarter, or of the newest and of all that were written before.

    A new publication may restate any quarter, so that none may keep a report of the old one.

    Raises:
        NothingPublished: there is no publication.
        ValueError: households have not reported for the quarter.
    """
    if quarter is None:
        with open_marts(settings) as marts:
            quarters = {newest_quarter(marts), *reported_quarters(settings)}
    else:
        quarters = {quarter}
    ordered = sorted(quarters)
    sites = {quarter: build_site(settings, quarter) for quarter in ordered}
    packs = {quarter: write_packs(settings, quarter) for quarter in ordered}
    return Reports(write_landing_page(settings), sites, packs)
