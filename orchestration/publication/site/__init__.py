"""The report site of a quarter: static pages in Chinese that open without a server or a network.

``build`` reads the current publication and nothing else. Each page module turns rows of marts into
what one kind of page shows; templates hold the words, ``charts`` the pictures, ``suppression`` what
may not be shown.
"""

from orchestration.publication.site.build import (
    build_site,
    newest_quarter,
    reported_quarters,
    site_index,
)

__all__ = ["build_site", "newest_quarter", "reported_quarters", "site_index"]
