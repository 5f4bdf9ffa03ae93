"""Who sends: the counties and the departments, the names they go by, and finding them in a text."""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestration.seeds import seed_rows

_ORGANISATION = re.compile(r"[厅局委社会联行队门]$")


@dataclass(frozen=True)
class Senders:
    """The senders by id: a county's six-digit code or a department's id."""

    counties: dict[str, str]
    departments: dict[str, str]
    county_names: dict[str, str]
    department_names: dict[str, str]

    def name_zh(self, sender: str) -> str:
        """Return the name that clerks read; an unknown id is returned as it is."""
        return self.counties.get(sender) or self.departments.get(sender) or sender

    def by_name(self, text: str) -> str | None:
        """Return the sender that the whole text names: an id, a code or any usual name."""
        if text in self.counties or text in self.departments:
            return text
        if (found := self.department_names.get(text)) is not None:
            return found
        counties = self.counties_in(text)
        return counties.pop() if len(counties) == 1 else None

    def counties_in(self, text: str) -> set[str]:
        """Return the codes of all counties that a text names, in full or in short."""
        names = longest_matches(text, self.county_names)
        return {self.county_names[name] for name in names}

    def county_codes_in(self, text: str) -> set[str]:
        """Return all county codes that stand in a text as numbers of their own."""
        return set(re.findall(r"(?<!\d)\d{6}(?!\d)", text)) & self.counties.keys()

    def departments_in(self, text: str) -> set[str]:
        """Return the ids of all departments that a text names."""
        names = longest_matches(text, self.department_names)
        return {self.department_names[name] for name in names}


@cache
def load_senders(seeds: Path) -> Senders:
    """Read counties and departments from the seeds."""
    counties = {row["county_code"]: row["county_name"] for row in seed_rows("counties", seeds)}
    county_names = {name: code for code, name in counties.items()}
    county_names |= {name[:-1]: code for code, name in counties.items()}
    departments, department_names = {}, {}
    for row in seed_rows("departments", seeds):
        departments[row["department_id"]] = row["department_name"]
        for name in (row["department_name"], *row["other_names"].split("|")):
            # An activity (督查) is no sender: it also occurs in "督查反馈后修改".
            if _ORGANISATION.search(name):
                department_names[name] = row["department_id"]
    return Senders(counties, departments, county_names, department_names)


def longest_matches(text: str, names: dict[str, str]) -> list[str]:
    """Return the names that occur in a text, leaving out those inside a longer one."""
    found: list[str] = []
    for name in sorted(names, key=len, reverse=True):
        if name in text:
            found.append(name)
            text = text.replace(name, "\n")
    return found
