"""What receiving knows about one file: received, a duplicate, or not recognised.

These records are views of ledger entries; whatever is in them can be read back from the ledger.
Times are naive Shanghai wall time.
"""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from orchestration.calendar import Quarter
from orchestration.contracts import Contract
from orchestration.receiving.senders import Senders
from orchestration.settings import Settings


@dataclass(frozen=True)
class Received:
    """One submission: a file that is recognised and has a version of its own."""

    submission_id: str
    dataset: str
    sender: str
    quarter: Quarter
    version: int
    file_name: str
    file_sha256: str
    received_at: datetime
    is_on_time: bool

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "Received":
        """Read a ``received`` entry of the ledger."""
        return cls(
            submission_id=payload["submission_id"],
            dataset=payload["dataset"],
            sender=payload["sender"],
            quarter=Quarter.parse(payload["quarter"]),
            version=payload["version"],
            file_name=payload["file_name"],
            file_sha256=payload["file_sha256"],
            received_at=datetime.fromisoformat(payload["received_at"]),
            is_on_time=payload["is_on_time"],
        )

    @property
    def series(self) -> tuple[str, str, Quarter]:
        """Dataset, sender and quarter: what all versions of a submission share."""
        return self.dataset, self.sender, self.quarter

    def landing_file(self, settings: Settings) -> Path:
        """Return where the file lies as it came."""
        return landing_file(settings, self.file_sha256, Path(self.file_name).suffix)


@dataclass(frozen=True)
class Duplicate:
    """A file whose content is already there for the same dataset, sender and quarter."""

    submission_id: str
    original: Received
    file_name: str
    file_sha256: str
    received_at: datetime

    @classmethod
    def from_payload(cls, payload: dict[str, Any], original: Received) -> "Duplicate":
        """Read a ``duplicate`` entry of the ledger."""
        return cls(
            submission_id=payload["submission_id"],
            original=original,
            file_name=payload["file_name"],
            file_sha256=payload["file_sha256"],
            received_at=datetime.fromisoformat(payload["received_at"]),
        )


@dataclass(frozen=True)
class Unrecognised:
    """A file that is kept but belongs to no dataset, sender or quarter beyond doubt."""

    submission_id: str
    file_name: str
    file_sha256: str
    received_at: datetime
    rule: str
    reason_zh: str
    remedy_zh: str

    @classmethod
    def from_payload(cls, payload: dict[str, Any]) -> "Unrecognised":
        """Read an ``unrecognised`` entry of the ledger."""
        return cls(
            submission_id=payload["submission_id"],
            file_name=payload["file_name"],
            file_sha256=payload["file_sha256"],
            received_at=datetime.fromisoformat(payload["received_at"]),
            rule=payload["rule"],
            reason_zh=payload["reason_zh"],
            remedy_zh=payload["remedy_zh"],
        )


def submission_id(dataset: str, sender: str, quarter: Quarter, version: int) -> str:
    """Return the name under which a submission is known everywhere."""
    return f"{dataset}__{sender}__{quarter.label}__v{version}"


def proper_names(
    contract: Contract, sender: str, quarter: Quarter, senders: Senders
) -> tuple[str, str]:
    """Return the file names that leave no doubt, in words and by ids."""
    in_words = f"{senders.name_zh(sender)}{quarter.label_zh}{contract.title}.xlsx"
    return in_words, f"{contract.dataset}__{sender}__{quarter.label}.xlsx"


def deadline(quarter: Quarter, contract: Contract) -> date:
    """Return the last day on which a submission is on time."""
    return quarter.end + timedelta(days=contract.deadline_days)


def landing_file(settings: Settings, sha256: str, suffix: str) -> Path:
    """Return where a file with that content lies; an odd suffix is left out."""
    suffix = suffix.lower()
    if not re.fullmatch(r"\.[0-9a-z]{1,8}", suffix):
        suffix = ""
    return settings.landing / sha256[:2] / f"{sha256}{suffix}"
