"""What stands above a table's header: the sheet's unit, who reports, which quarter."""

import re
import unicodedata
from collections.abc import Iterable, Sequence

from orchestration.ingestion.units import as_unit
from orchestration.receiving.periods import Period, periods_in, squeeze

_UNIT = re.compile(r"(?<![填报送制表编报主管])(?:计量|金额)?单位:\(?([^:;。)]*)")
_PARTS = re.compile(r"[、,/和及]")
_REPORTER = re.compile(r"(?:填报|报送|编报|上报|制表)(?:单位|部门|机构)(?:\([^)]*\))?:?([^:]*)")


def title_texts(rows: Sequence[Sequence[object]]) -> list[str]:
    """Return the texts of the rows above a header, each once, squeezed."""
    texts = [
        unicodedata.normalize("NFKC", c).strip() for r in rows for c in r if isinstance(c, str)
    ]
    return [text for text in dict.fromkeys(texts) if text]


def units_in(texts: Iterable[str]) -> list[str]:
    """Return the units that title rows state ("单位：万元、亩"), in their order."""
    units = []
    for text in texts:
        for match in _UNIT.finditer(re.sub(r"\s+", "", text)):
            units += [unit for part in _PARTS.split(match[1]) if (unit := as_unit(part))]
    return units


def counties_in(texts: Iterable[str], counties: dict[str, str]) -> set[str]:
    """Return the codes of the counties that texts name in full.

    Short forms are left out on purpose: 惠农 in "惠农补贴" names no county.
    """
    return {code for text in texts for code, name in counties.items() if name in text}


def reporters_in(texts: Iterable[str]) -> list[str]:
    """Return what stands behind 填报单位 in title rows."""
    found = [match[1] for text in texts for match in _REPORTER.finditer(text)]
    return [text.strip() for text in found if text.strip()]


def periods_of(texts: Iterable[str]) -> set[Period]:
    """Return the quarters that title rows name; what names no clear period is passed over."""
    periods: set[Period] = set()
    for text in texts:
        try:
            periods |= periods_in(squeeze(text))
        except ValueError:
            continue
    return periods
