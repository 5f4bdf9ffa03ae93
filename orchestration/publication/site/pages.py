"""What a page is: where it lies, which template makes it, what the template is given."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any


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
