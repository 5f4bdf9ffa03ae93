"""What a publication was made from: which submissions, which code, which contracts."""

import hashlib
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

import pyarrow.compute as pc
import pyarrow.parquet as pq

from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import submissions_file
from orchestration.settings import PROJECT_ROOT, Settings


@dataclass(frozen=True)
class Provenance:
    """The origin of a publication; no wall clock and no place in it.

    ``data_as_of`` is when the latest of the current submissions arrived (Asia/Shanghai);
    ``input_fingerprint`` covers the content of all of them. What was rejected or came twice changes
    neither.
    """

    is_synthetic: bool
    sample_fraction: float
    data_as_of: str | None
    input_fingerprint: str
    code_version: str
    contract_versions: dict[str, str]


def read_provenance(settings: Settings) -> Provenance:
    """Return the origin of what a publication made now would hold."""
    submissions = pq.read_table(submissions_file(settings))
    current = submissions.filter(pc.equal(submissions["is_current"], True))
    content = current.select(["submission_id", "file_sha256", "contract_version"])
    lines = sorted(" ".join(map(str, row.values())) for row in content.to_pylist())
    latest = pc.max(current["received_at"]).as_py()
    contracts = load_contracts()
    return Provenance(
        is_synthetic=settings.is_synthetic,
        sample_fraction=settings.sample_fraction,
        data_as_of=latest.isoformat(sep=" ") if latest else None,
        input_fingerprint=hashlib.sha256("\n".join(lines).encode()).hexdigest(),
        code_version=code_version(),
        contract_versions={name: contract.version for name, contract in contracts.items()},
    )


@cache
def code_version() -> str:
    """Return the commit of the checkout (marked if it was changed), else the package's version."""
    describe = ["describe", "--always", "--dirty", "--abbrev=40"]
    command = ["git", "--no-optional-locks", "-C", str(PROJECT_ROOT), *describe]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return version("zengshou")
    return found.stdout.strip()
