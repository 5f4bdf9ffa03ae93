"""Markdown as the generated pages write it: one table, one cell, one list."""

from collections.abc import Iterable, Iterator

Lines = Iterable[str]


def cell(text: object) -> str:
    """Return the text as a cell of a table."""
    return " ".join(str(text).split()).replace("|", "\\|").replace("<", "\\<") or "–"


def table(head: Iterable[str], body: Iterable[Iterable[object]]) -> Iterator[str]:
    """Yield the lines of a table."""
    names = list(head)
    yield f"| {' | '.join(names)} |"
    yield f"| {' | '.join('---' for _ in names)} |"
    for row in body:
        yield f"| {' | '.join(map(cell, row))} |"
    yield ""


def code(*names: object) -> str:
    """Return names as code, separated by commas."""
    return ", ".join(f"`{name}`" for name in names)


def listed(names: str) -> str:
    """Return names that a seed separates by bars, separated by commas."""
    return names.replace("|", ", ")


def link(page: str, name: str) -> str:
    """Return a link to where a page has a heading of that name."""
    return f"[`{name}`]({page}.md#{name})"
