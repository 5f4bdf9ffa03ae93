"""Counties, villages and indicators by every usual spelling of their names.

A name is resolved only if exactly one entry of the seeds answers to it; everything else is left to
the sender to clear up.
"""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestration.seeds import seed_rows

_REGION_NAMES = ("宁夏回族自治区", "宁夏自治区", "宁夏")
_BRACKETED = re.compile(r"\([^()]*\)")
_COMMITTEE = re.compile(r"(?:村民委员会|村委会|居民委员会|居委会|委员会)$")
_VILLAGE_SUFFIX = re.compile(r"(?:行政村|村)$")
_COMMUNITY_SUFFIX = re.compile(r"社区$")
_TOWNSHIP_SUFFIX = re.compile(r"(?:人民政府|街道办事处|办事处|街道|镇|乡)+$")


def squeeze_name(text: str) -> str:
    """Bring a name to one form: half-width signs, no white space, no dot after a code."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True)
class Regions:
    """The look-ups behind county, village and indicator columns.

    ``villages`` maps (county, township, name form) to the codes that answer to it; the township is
    empty where the form is looked up in the whole county.
    """

    counties: dict[str, str]
    county_forms: dict[str, str]
    prefectures: tuple[str, ...]
    village_counties: dict[str, str]
    villages: dict[tuple[str, str, str], frozenset[str]]
    townships: frozenset[tuple[str, str]]
    indicators: frozenset[str]

    def county(self, text: str) -> str | None:
        """Return the code of the county that a cell names, None if it names none."""
        name = squeeze_name(text).removesuffix(".0")
        if code := self.county_forms.get(name):
            return code
        if re.fullmatch(r"64\d{4}0{6}", name):
            return self.county_forms.get(name[:6])
        name = _BRACKETED.sub("", name)
        for prefix in (*_REGION_NAMES, *self.prefectures):
            shorter = name.removeprefix(prefix)
            # "固原市" alone is a prefecture and no county.
            name = shorter or name
        return self.county_forms.get(name) or self.county_forms.get(name.removesuffix("开发区"))

    def village(self, county: str, township: str | None, text: str) -> frozenset[str]:
        """Return the codes of the villages that a cell may mean: one if it is beyond doubt."""
        name = squeeze_name(text).removesuffix(".0")
        if re.fullmatch(r"64\d{10}", name):
            return frozenset([name]) if self.village_counties.get(name) == county else frozenset()
        name = _BRACKETED.sub("", name)
        stem = township_stem(township) if township else ""
        if (county, stem) not in self.townships:
            stem = ""
        for form in (name, name.removeprefix(township or "\0"), _COMMITTEE.sub("", name)):
            if codes := self.villages.get((county, stem, form)):
                return codes
        return frozenset()


def township_stem(name: str) -> str:
    """Return a township's name without 乡, 镇, 街道, which senders add and drop."""
    squeezed = _BRACKETED.sub("", squeeze_name(name))
    return _TOWNSHIP_SUFFIX.sub("", squeezed) or squeezed


@cache
def load_regions(seeds: Path) -> Regions:
    """Read the look-ups from the seeds."""
    counties = {row["county_code"]: row["county_name"] for row in seed_rows("counties", seeds)}
    prefectures = {row["prefecture_name"] for row in seed_rows("counties", seeds)}
    county_forms: dict[str, str] = {}
    for code, name in counties.items():
        county_forms |= {code: code, name: code, name[:-1]: code}
    village_counties: dict[str, str] = {}
    townships: set[tuple[str, str]] = set()
    strong: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    weak: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for row in seed_rows("villages", seeds):
        code, county, stem = (
            row["village_code"],
            row["county_code"],
            township_stem(row["township_name"]),
        )
        village_counties[code] = county
        townships.add((county, stem))
        for place in (stem, ""):
            for form in _forms(row["village_name"]):
                strong[county, place, form].add(code)
            weak[county, place, _stem(row["village_name"])].add(code)
    # A bare name gives way to a village or community that is called exactly so.
    villages = {key: frozenset(codes) for key, codes in (weak | strong).items()}
    indicators = {row["indicator_id"] for row in seed_rows("indicators", seeds)}
    return Regions(
        counties=counties,
        county_forms=county_forms,
        prefectures=tuple(sorted(prefectures)),
        village_counties=village_counties,
        villages=villages,
        townships=frozenset(townships),
        indicators=frozenset(indicators),
    )


def _forms(name: str) -> set[str]:
    bare = _COMMITTEE.sub("", name)
    stem = _stem(name)
    forms = {name}
    if bare.endswith(("村", "社区")):
        # "贾塘新村村委会" is the committee of 贾塘新村, which is also written 贾塘新村村.
        forms |= {bare, f"{bare}村"}
    if "居" in name[len(stem) :] or name.endswith("社区"):
        return forms | {f"{stem}社区", f"{stem}居委会", f"{stem}社区居委会"}
    return forms | {f"{stem}村", f"{stem}行政村", f"{stem}村委会", f"{stem}村村委会"}


def _stem(name: str) -> str:
    bare = _COMMITTEE.sub("", name)
    bare = _COMMUNITY_SUFFIX.sub("", bare)
    return _VILLAGE_SUFFIX.sub("", bare) or bare
