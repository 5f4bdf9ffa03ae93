"""What dbt leaves behind, for whoever reads it without dbt: plain files, and where they lie."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.settings import Settings

Node = Mapping[str, Any]
"""A node of dbt's manifest."""


def run_target(settings: Settings) -> Path:
    """Return where dbt puts the artifacts of this deployment's runs.

    One folder for all runs: the second call of a run reuses what the first has parsed.
    """
    return settings.home.resolve() / "dbt"


def origins_file(settings: Settings) -> Path:
    """Return the file that remembers where columns come from."""
    return settings.dbt_project / "target" / "column_lineage.json"


def read_manifest(settings: Settings) -> Node:
    """Return dbt's manifest: of this deployment's last run, else of the checkout.

    Raises:
        FileNotFoundError: dbt has never read the project.
    """
    kept = run_target(settings) / "manifest.json"
    file = kept if kept.exists() else settings.dbt_project / "target" / "manifest.json"
    return json.loads(file.read_text("utf-8"))


def compiled_sql(settings: Settings, node: Node) -> str | None:
    """Return a model's SQL as the last run executed it; None if none has."""
    file = run_target(settings) / "compiled" / node["package_name"] / node["original_file_path"]
    return file.read_text("utf-8") if file.exists() else None


def tests_of(manifest: Node, model: Node) -> list[Node]:
    """Return dbt's tests that look at a model, those in a file of their own included."""
    return [
        test
        for test in manifest["nodes"].values()
        if test["resource_type"] == "test"
        and (
            test.get("attached_node") == model["unique_id"]
            or (not test.get("attached_node") and model["unique_id"] in test["depends_on"]["nodes"])
        )
    ]


def key_rules(manifest: Node, model: Node) -> Node:
    """Return the arguments of the merged test that names a model's key; empty if none does."""
    tests = (test.get("test_metadata", {}) for test in tests_of(manifest, model))
    return next((test["kwargs"] for test in tests if test.get("kwargs", {}).get("unique_key")), {})
