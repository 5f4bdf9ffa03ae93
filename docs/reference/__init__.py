"""The pages of reference that follow from contracts, models, seeds, suites and commands.

Each module writes the page of its own name; ``python -m docs.reference`` writes them all, and a
test fails when one differs from what it follows from.
"""

from docs.reference import (
    checks,
    commands,
    datasets,
    glossary,
    marts,
    plan,
    seeds,
    settings,
    signals,
)
from docs.reference.markdown import Lines
from orchestration.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "docs/reference"
PAGES = {
    module.__name__.rsplit(".", 1)[-1]: module.lines
    for module in (checks, commands, datasets, glossary, marts, plan, seeds, settings, signals)
}


def page(name: str) -> str:
    """Return the text of a page."""
    title, *rest = PAGES[name]()
    found: Lines = (title, "", "<!-- Written by `python -m docs.reference`. -->", *rest)
    return "\n".join(found).rstrip() + "\n"
