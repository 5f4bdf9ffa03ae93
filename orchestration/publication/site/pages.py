"""What a page is: where it lies, which template makes it, what the template is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from typing import Any

from orchestration.publication.site.formats import quarter_label, quarter_zh


@dataclass(frozen=True)
class Period:
    """The quarter that a site is about."""

    quarter: date
    income_year: int
    income_year_quarter: int
    is_income_year_end: bool
    quarter_end: date
    income_year_start: date

    @property
    def label(self) -> str:
        """The quarter such as 2024Q3, as files and folders name it."""
        return quarter_label(self.quarter)

    @property
    def label_zh(self) -> str:
        """The quarter in Chinese."""
        return quarter_zh(self.quarter)


@dataclass(frozen=True)
class Page:
    """One page of a site; ``section`` is the entry of the navigation that it belongs to."""

    path: str
    template: str
    title: str
    section: str
    context: dict[str, Any] = field(default_factory=dict)
    trail: Sequence[tuple[str, str]] = ()
    """Pages above it: path and title, the highest first."""

    @property
    def root(self) -> str:
        """The way from the page to the site's folder."""
        return "../" * (len(PurePosixPath(self.path).parts) - 1)
