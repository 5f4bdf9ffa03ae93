"""Every path, secret and switch of a deployment, read once from the environment.

Nothing else reads environment variables. A deployment describes itself in
``$ZENGSHOU_HOME/deployment.toml`` (is the data synthetic, which share of the region's households
does it hold); environment variables ``ZENGSHOU_…`` win over that file.
"""

import secrets
import tomllib
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import Field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[1]
"""The repository: dbt_project/, seeds/ and expectations/ lie beside the package."""


class _DeploymentFile(PydanticBaseSettingsSource):
    """Values from ``deployment.toml`` in the home folder, if the file is there."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        home = Path(self.current_state.get("home", PROJECT_ROOT / "var"))
        file = home / "deployment.toml"
        return tomllib.loads(file.read_text("utf-8")) if file.exists() else {}


class Settings(BaseSettings):
    """The deployment's configuration; immutable once read."""

    model_config = SettingsConfigDict(env_prefix="ZENGSHOU_", frozen=True, extra="forbid")

    home: Path = Field(
        default=PROJECT_ROOT / "var", description="Holds inbox, lake, warehouse, published."
    )
    pseudonym_key: str | None = Field(
        default=None,
        description="Key of HMAC-SM3; when absent, secrets/pseudonym.key in the home folder.",
    )
    is_synthetic: bool = Field(default=False, description="The submissions are simulated.")
    sample_fraction: float = Field(
        default=1.0,
        gt=0,
        le=1,
        description="Share of the region's households this deployment holds.",
    )
    workers: int = Field(
        default=2, ge=1, description="Processes that read submissions side by side."
    )
    postgresql: str | None = Field(
        default=None,
        description="Address of a database that every publication is loaded into; no password.",
    )
    postgresql_schema: str = Field(
        default="zengshou", description="Schema that holds the marts there."
    )
    memory_limit: str = Field(
        default="2GB",
        pattern=r"^\d+(\.\d+)?[MG]B$",
        description="Memory that the warehouse may take while it is built, before it spills.",
    )
    kept_publications: int = Field(
        default=3, ge=1, description="How many publications stay on disk."
    )

    @classmethod
    def settings_customise_sources(  # noqa: D102
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _DeploymentFile(settings_cls)

    @property
    def inbox(self) -> Path:
        """Where departments drop files."""
        return self.home / "inbox"

    @property
    def landing(self) -> Path:
        """Content-addressed archive of every file as it came."""
        return self.home / "landing"

    @property
    def ledger_file(self) -> Path:
        """The append-only, hash-chained ledger of submissions (JSON lines)."""
        return self.home / "ledger" / "ledger.jsonl"

    @property
    def receipts(self) -> Path:
        """Receipts (回执) for clerks, by quarter."""
        return self.home / "receipts"

    @property
    def lake(self) -> Path:
        """Typed Parquet with provenance: accepted/, quarantine/, ledger/, derived/."""
        return self.home / "lake"

    @property
    def accepted(self) -> Path:
        """Accepted rows by dataset and quarter."""
        return self.lake / "accepted"

    @property
    def quarantine(self) -> Path:
        """Refused rows by dataset and quarter, identity numbers masked."""
        return self.lake / "quarantine"

    @property
    def warehouse(self) -> Path:
        """The DuckDB file that only dbt writes."""
        return self.home / "warehouse" / "zengshou.duckdb"

    @property
    def publications(self) -> Path:
        """One folder per publication, named by its content."""
        return self.home / "publications"

    @property
    def published(self) -> Path:
        """Link to the current publication: zengshou.duckdb, parquet/, manifest.json."""
        return self.home / "published"

    @property
    def reports(self) -> Path:
        """Data Docs and reports."""
        return self.home / "reports"

    @property
    def reliability_plot(self) -> Path:
        """How well the guard's calibrated probability has kept its word, as SVG."""
        return self.reports / "guard" / "reliability.svg"

    @property
    def dbt_docs(self) -> Path:
        """The models in words, as one page."""
        return self.reports / "dbt_docs" / "index.html"

    @property
    def truth(self) -> Path:
        """What a simulation planted; no stage of the pipeline reads it."""
        return self.home / "truth"

    @property
    def dagster_home(self) -> Path:
        """Dagster's instance folder (runs, event logs, schedules)."""
        return self.home / "dagster"

    @property
    def dbt_project(self) -> Path:
        """The dbt project."""
        return PROJECT_ROOT / "dbt_project"

    @property
    def seeds(self) -> Path:
        """The plan and the rules as data."""
        return PROJECT_ROOT / "seeds"

    @property
    def expectations(self) -> Path:
        """Great Expectations suites."""
        return PROJECT_ROOT / "expectations"

    @cached_property
    def pseudonym_secret(self) -> bytes:
        """The secret key that turns identity numbers into keyed hashes.

        Created at random on first use, readable by the owner alone, outside lake and warehouse.
        """
        if self.pseudonym_key:
            return self.pseudonym_key.encode()
        file = self.home / "secrets" / "pseudonym.key"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_secret(file, secrets.token_hex(32))
        return file.read_text("ascii").strip().encode()


def write_secret(file: Path, text: str) -> None:
    """Write a new secret file that only its owner can read; an existing one is left alone."""
    try:
        with file.open("x", encoding="ascii") as handle:
            file.chmod(0o600)
            handle.write(text + "\n")
    except FileExistsError:
        return
