"""Which page of ``docs/runbooks/`` says what to do about which alert."""

from enum import StrEnum
from pathlib import Path

import dagster as dg

from orchestration.settings import PROJECT_ROOT

FOLDER = PROJECT_ROOT / "docs" / "runbooks"


class Runbook(StrEnum):
    """The alerts, by the name of their page."""

    LATE_SUBMISSION = "late-submission"
    FILE_SENT_BACK = "file-sent-back"
    CONTROL_TOTALS = "control-totals"
    VALIDATION_CHECK = "validation-check"
    DBT_TEST = "dbt-test"
    GUARD_FAILED = "guard-failed"
    PUBLICATION_REFUSED = "publication-refused"
    AFTER_PUBLICATION = "after-publication"
    ARCHIVE_DAMAGED = "archive-damaged"
    WAITING = "waiting"

    @property
    def page(self) -> Path:
        """The page itself."""
        return FOLDER / f"{self}.md"

    @property
    def link(self) -> dg.MetadataValue:
        """The page as metadata of an asset or a check."""
        return dg.MetadataValue.path(str(self.page))
