"""Waivers: auditors let a check stand unmet for a while, for a reason that everybody can read.

A waiver names its check as ``<suite>.<expectation>`` or ``<expectation>``; if it names a county or
a dataset, it holds for the rows of these alone (a dataset is looked at where rows name one). It
holds from the day it was granted to its last day, both included, as seen from the day on which the
newest quarter's register of waivers was due. Today does not matter: the same data is judged alike
whenever it is judged. The newest entry of a waiver counts, also when later registers leave it out,
for an expired waiver that is still needed has to be told.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import duckdb

from orchestration.contracts import load_contracts

_REGISTER = "audit_waivers"
_ENTRIES = """
select waiver_no, waived_check, county_code, waived_dataset, reason, granted_on, expires_on
from stg_audit_waivers
qualify row_number() over (partition by waiver_no order by quarter desc) = 1
order by expires_on desc, waiver_no
"""


@dataclass(frozen=True)
class Waiver:
    """One entry of the register; ``county_code`` and ``dataset`` are None where it has no limit."""

    number: str
    check: str
    county_code: str | None
    dataset: str | None
    reason: str
    granted_on: date
    expires_on: date

    def covers(self, suite: str, expectation: str, row: Mapping[str, object]) -> bool:
        """Whether it is about that row of that check, whatever the day."""
        return (
            self.check in (expectation, f"{suite}.{expectation}")
            and self.county_code in (None, row.get("county_code", row.get("sender")))
            and ("dataset" not in row or self.dataset in (None, row["dataset"]))
        )


@dataclass(frozen=True)
class Waivers:
    """The register as of a day; an expired waiver covers rows still, but no longer waives them."""

    as_of: date
    entries: tuple[Waiver, ...] = ()

    def holds(self, waiver: Waiver) -> bool:
        """Whether a waiver is in force."""
        return waiver.granted_on <= self.as_of <= waiver.expires_on

    def covering(self, suite: str, expectation: str, row: Mapping[str, object]) -> Waiver | None:
        """Return the waiver of a failing row: one in force, else the last that expired."""
        found = [
            entry
            for entry in self.entries
            if entry.granted_on <= self.as_of and entry.covers(suite, expectation, row)
        ]
        return max(found, key=lambda entry: entry.expires_on, default=None)


def read_waivers(connection: duckdb.DuckDBPyConnection) -> Waivers:
    """Read the register from the warehouse; nothing is waived where it holds no quarter."""
    row = connection.execute("select max(quarter_end) from int_quarters").fetchone()
    if row is None or row[0] is None:
        return Waivers(date.min)
    deadline = timedelta(days=load_contracts()[_REGISTER].deadline_days)
    entries = connection.execute(_ENTRIES).fetchall()
    return Waivers(row[0] + deadline, tuple(Waiver(*entry) for entry in entries))
