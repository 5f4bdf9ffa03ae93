"""What a publication says about itself: the manifest beside the published files, and its reader.

Nothing in a manifest depends on the wall clock or on where the files lie, so that the same inputs
and the same code give the same manifest, byte for byte. Building a publication is ``publish.py``'s.
"""

import hashlib
import json
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.publication.provenance import Provenance
from orchestration.settings import Settings

MANIFEST = "manifest.json"
DATABASE = "zengshou.duckdb"


@dataclass(frozen=True)
class PublishedMart:
    """One published table: how many rows, and the Parquet file that holds them."""

    rows: int
    parquet: str
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """One publication; ``checks_passed`` names the checks that it rests on."""

    provenance: Provenance
    checks_passed: tuple[str, ...]
    database_sha256: str
    marts: dict[str, PublishedMart]

    @property
    def publication_id(self) -> str:
        """The publication's name, taken from its content."""
        return hashlib.sha256(_dump(asdict(self)).encode()).hexdigest()[:16]

    @property
    def row_counts(self) -> dict[str, int]:
        """Rows of every mart."""
        return {name: mart.rows for name, mart in self.marts.items()}

    def to_json(self) -> str:
        """Return the manifest as it is written beside the data."""
        return _dump({"publication_id": self.publication_id, **asdict(self)})

    @classmethod
    def from_json(cls, text: str) -> "Manifest":
        """Read a manifest; its publication_id follows from the rest."""
        values = json.loads(text)
        values.pop("publication_id")
        values["provenance"] = Provenance(**values["provenance"])
        values["checks_passed"] = tuple(values["checks_passed"])
        values["marts"] = {name: PublishedMart(**mart) for name, mart in values["marts"].items()}
        return cls(**values)


def current_manifest(settings: Settings) -> Manifest | None:
    """Return the manifest of what is published now; None before the first publication."""
    file = settings.published / MANIFEST
    return Manifest.from_json(file.read_text("utf-8")) if file.exists() else None


def damaged_files(folder: Path) -> list[str]:
    """Return the files of a publication whose bytes are not those its manifest names."""
    try:
        manifest = Manifest.from_json((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError, TypeError, KeyError):
        return [MANIFEST]
    expected = {DATABASE: manifest.database_sha256} | {
        mart.parquet: mart.sha256 for mart in manifest.marts.values()
    }
    return sorted(
        name
        for name, sha256 in expected.items()
        if not (folder / name).exists() or file_sha256(folder / name) != sha256
    )


def file_sha256(file: Path) -> str:
    """Return the SHA-256 of a file's bytes."""
    with file.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _dump(values: dict[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
