"""What ingestion says about one submission: the types that receipts, ledger and Dagster share.

Values in these records are already masked where they could identify a person.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Outcome = Literal["accepted", "accepted_with_quarantine", "rejected"]


@dataclass(frozen=True)
class Fault:
    """One thing that is wrong, where it is, and how to mend it (row from 1; 0: whole sheet)."""

    sheet: str
    row: int
    column_name: str
    column_header: str
    value: str
    rule: str
    reason_zh: str
    remedy_zh: str


@dataclass(frozen=True)
class Repair:
    """One kind of mending that was done by rule, how often, and the first examples.

    An example is (sheet, row, value before, value after).
    """

    rule: str
    title_zh: str
    column_header: str
    count: int
    examples: tuple[tuple[str, int, str, str], ...]


@dataclass(frozen=True)
class ControlTotal:
    """A 合计/小计 row's stated figure against the sum of the rows above it."""

    sheet: str
    row: int
    scope_zh: str
    column_header: str
    stated: Decimal
    summed: Decimal
    is_matched: bool


@dataclass(frozen=True)
class Judgement:
    """The outcome of one submission.

    ``rejection`` is set when the outcome is ``rejected``: then no row of it reaches the lake and
    the sender's earlier version stays current. ``accepted_sha256`` names the Parquet file's bytes.
    """

    submission_id: str
    outcome: Outcome
    contract_version: str
    rows_read: int
    rows_accepted: int
    rows_quarantined: int
    repairs: tuple[Repair, ...]
    control_totals: tuple[ControlTotal, ...]
    faults: tuple[Fault, ...]
    rejection: Fault | None
    accepted_sha256: str | None

    @property
    def cells_repaired(self) -> int:
        """How many cells were mended."""
        return sum(repair.count for repair in self.repairs)

    @property
    def is_control_total_matched(self) -> bool | None:
        """Whether every control total matched; None if the file carries none."""
        if not self.control_totals:
            return None
        return all(total.is_matched for total in self.control_totals)
