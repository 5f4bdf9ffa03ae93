"""The terms of the project in both languages."""

from collections.abc import Iterator

from docs.reference.markdown import table
from orchestration.seeds import seed_rows


def lines() -> Iterator[str]:
    """Yield the page."""
    yield "# Glossary (术语)"
    yield "\nOne name per concept, from contract to mart (`seeds/glossary.csv`).\n"
    yield from table(
        ("术语", "English", "含义", "meaning"),
        (
            [term["term_zh"], _linked(term), term["meaning_zh"], term["meaning_en"]]
            for term in seed_rows("glossary")
        ),
    )


def _linked(term: dict[str, str]) -> str:
    return f"[{term['term_en']}](../{term['page']})" if term["page"] else term["term_en"]
