"""The frozen detector on one home: what dbt aggregates for the guard, then the guard's own word.

Nothing here, and nothing that is imported here, knows of the simulation or of a label.
"""

import hashlib
import json
from functools import cache
from pathlib import Path

from orchestration.contracts import load_contracts
from orchestration.forensics.assess import Assessment
from orchestration.forensics.run import assess_warehouse
from orchestration.settings import PROJECT_ROOT, Settings
from orchestration.transformation.artifacts import run_target
from orchestration.transformation.dbt_call import DbtFailed, build
from orchestration.transformation.project import load_project

SELECTION = (
    "int_signal_statistics",
    "int_signal_findings",
    "int_village_stakes",
    "int_lead_answers",
    "signals",
)
"""What the guard reads of the warehouse; dbt builds it with all that it rests on."""
_JUDGES = (
    "orchestration/forensics",
    "dbt_project/models/intermediate/guard",
    "dbt_project/models/intermediate/evidence",
    "dbt_project/macros",
    "seeds/signals.csv",
    "seeds/finding_kinds.csv",
)


def detect(settings: Settings) -> Assessment:
    """Compute and judge all signals of a home whose lake is filled.

    Raises:
        DbtFailed: dbt could not build what the guard reads.
    """
    settings.warehouse.parent.mkdir(parents=True, exist_ok=True)
    settings.warehouse.unlink(missing_ok=True)
    built = build(
        load_project(settings),
        run_target(settings),
        " ".join(f"+{name}" for name in SELECTION),
        "resource_type:test resource_type:unit_test",
    )
    if bad := [item for item in built if item.status != "success"]:
        raise DbtFailed(f"dbt: {bad[0].unique_id}: {bad[0].message}")
    return assess_warehouse(settings)


def datasets_needed(settings: Settings) -> frozenset[str]:
    """Return the datasets that the detector looks at, by dbt's own graph."""
    manifest = json.loads(load_project(settings).manifest_path.read_text("utf-8"))
    parents, nodes = manifest["parent_map"], manifest["nodes"]
    waiting = [key for key in nodes if key.split(".")[-1] in SELECTION]
    seen = set(waiting)
    while waiting:
        new = set(parents.get(waiting.pop(), ())) - seen
        seen |= new
        waiting += new
    models = {key.split(".")[-1] for key in seen}
    return frozenset(
        contract.dataset
        for contract in load_contracts().values()
        if f"stg_{contract.dataset}" in models
    )


@cache
def version() -> str:
    """Return a hash of everything that decides what the detector says."""
    digest = hashlib.sha256()
    for place in _JUDGES:
        path = PROJECT_ROOT / place
        files = [path] if path.is_file() else sorted(path.rglob("*"))
        for file in files:
            if file.suffix in {".py", ".sql", ".csv"}:
                digest.update(str(file.relative_to(PROJECT_ROOT)).encode())
                digest.update(Path(file).read_bytes())
    return digest.hexdigest()[:16]
