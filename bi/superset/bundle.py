"""Turn the workspace's sources into the files that Superset imports.

A source says what a person decides: titles, SQL, metrics, what stands where. Added here is what
follows from it: UUIDs (from the file's name, so they never change), types of columns (from dbt),
their titles and meanings (from the seed that every reader's words come from), the grid of a
dashboard, which charts a filter cannot reach.
"""

import io
import re
import uuid
import zipfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from orchestration.publication.words import Term, column_terms

Document = dict[str, Any]

SOURCES = Path(__file__).parent / "sources"
MARTS = Path(__file__).parents[2] / "dbt_project" / "models" / "marts"
KINDS = ("databases", "datasets", "charts", "dashboards")

NAMESPACE = uuid.UUID("5f0c7c0e-6f0a-5f35-9d0b-0a8f6f5e6a51")
VERSION = "1.0.0"
DATABASE = "zengshou"
GRID_COLUMNS = 12


def sources(kind: str) -> dict[str, Document]:
    """Return the sources of one kind by their file's name."""
    files = sorted((SOURCES / kind).glob("*.yaml"))
    return {file.stem: yaml.safe_load(file.read_text(encoding="utf-8")) for file in files}


DASHBOARDS = "Dashboard"
"""A bundle for ``superset import-dashboards``, which adds what is new and leaves what is there."""

ASSETS = "assets"
"""A bundle for ``/api/v1/assets/import/``, which replaces charts and datasets that are there."""


def write_bundle(file: Path, uri: str, schema: str, kind: str = DASHBOARDS) -> None:
    """Write the bundle for one database; the same arguments give the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, document in documents(uri, schema, kind).items():
            text = yaml.safe_dump(document, allow_unicode=True, sort_keys=False, width=100)
            entry = zipfile.ZipInfo(f"zengshou/{name}", date_time=(2024, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    file.touch(mode=0o600)  # the address of a database may hold a password
    file.write_bytes(buffer.getvalue())


def documents(uri: str, schema: str, kind: str = DASHBOARDS) -> dict[str, Document]:
    """Return every file of the bundle by its path inside it."""
    made: dict[str, Document] = {
        "metadata.yaml": {
            "version": VERSION,
            "type": kind,
            "timestamp": "2024-01-01T00:00:00+00:00",
        },
        f"databases/{DATABASE}.yaml": {
            **sources("databases")[DATABASE],
            **_identity("databases", DATABASE),
            "sqlalchemy_uri": uri,
        },
    }
    for name, source in sources("datasets").items():
        made[f"datasets/{DATABASE}/{name}.yaml"] = _dataset(name, source, schema)
    for name, source in sources("charts").items():
        made[f"charts/{name}.yaml"] = _chart(name, source)
    for name, source in sources("dashboards").items():
        made[f"dashboards/{name}.yaml"] = _dashboard(name, source)
    return made


def uuid_of(kind: str, name: str) -> str:
    """Return the UUID of what a source describes."""
    return str(uuid.uuid5(NAMESPACE, f"{kind}/{name}"))


def _identity(kind: str, name: str) -> Document:
    return {"uuid": uuid_of(kind, name), "version": VERSION}


def _dataset(name: str, source: Document, schema: str) -> Document:
    types = _types(source["sql"])
    columns = []
    for column, said in source["columns"].items():
        own = said if isinstance(said, dict) else {"title": said} if said else {}
        term = column_terms().get(column, Term("", ""))
        data_type = own.get("type") or types.get(column, "varchar")
        columns.append(
            {
                "column_name": column,
                "verbose_name": own.get("title", term.title),
                "description": own.get("description", term.meaning),
                "type": data_type.upper(),
                "is_dttm": data_type in ("date", "timestamp"),
                "groupby": True,
                "filterable": True,
                "is_active": True,
            }
        )
    return {
        "table_name": source["title"],
        "description": source["description"],
        "schema": schema,
        "sql": source["sql"],
        "columns": columns,
        "metrics": [
            {
                "metric_name": title,
                "verbose_name": title,
                "expression": metric["sql"],
                "d3format": metric.get("format"),
            }
            for title, metric in source.get("metrics", {}).items()
        ],
        "database_uuid": uuid_of("databases", DATABASE),
        **_identity("datasets", name),
    }


def _types(sql: str) -> dict[str, str]:
    """Return dbt's types of the columns of the marts that an SQL text names.

    Where two have a column of the same name, the one named first counts.
    """
    found: dict[str, str] = {}
    for mart in re.findall(r"\b(?:dim|fct)_\w+", sql):
        found = _marts()[mart] | found
    return found


@cache
def _marts() -> dict[str, dict[str, str]]:
    return {
        model["name"]: {column["name"]: column["data_type"] for column in model["columns"]}
        for file in sorted(MARTS.glob("*/_*.yml"))
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", [])
    }


def _chart(name: str, source: Document) -> Document:
    return {
        "slice_name": source["title"],
        "description": source.get("description"),
        "viz_type": source["viz_type"],
        "params": {
            **source["params"],
            "viz_type": source["viz_type"],
            "adhoc_filters": [
                {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": condition}
                for condition in source.get("where", [])
            ],
        },
        "dataset_uuid": uuid_of("datasets", source["dataset"]),
        **_identity("charts", name),
    }


def _dashboard(name: str, source: Document) -> Document:
    charts = list(dict.fromkeys(charts_of(source)))
    numbers = {chart: number for number, chart in enumerate(charts, start=1)}
    return {
        "dashboard_title": source["title"],
        "description": source["description"],
        "slug": source["slug"],
        "published": True,
        "css": "",
        "position": _position(source, numbers),
        "metadata": {
            "native_filter_configuration": [
                _native_filter(f"{name}-{number}", wanted, numbers)
                for number, wanted in enumerate(source["filters"], start=1)
            ],
            "cross_filters_enabled": False,
            "refresh_frequency": 0,
        },
        **_identity("dashboards", name),
    }


def charts_of(dashboard: Document) -> Iterator[str]:
    """Yield the charts that a dashboard's source names."""
    for row in dashboard["rows"]:
        for cell in row["cells"]:
            if "chart" in cell:
                yield cell["chart"]


def _position(source: Document, numbers: dict[str, int]) -> Document:
    position: Document = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"], "children": []},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": source["title"]}},
    }
    for number, row in enumerate(source["rows"], start=1):
        row_id = f"ROW-{number}"
        position["GRID_ID"]["children"].append(row_id)
        cells = [
            _cell(f"{row_id}-{place}", row_id, cell, row["height"], numbers)
            for place, cell in enumerate(row["cells"], start=1)
        ]
        position |= {cell["id"]: cell for cell in cells}
        position[row_id] = {
            "type": "ROW",
            "id": row_id,
            "parents": ["ROOT_ID", "GRID_ID"],
            "children": [cell["id"] for cell in cells],
            "meta": {"background": "BACKGROUND_TRANSPARENT"},
        }
    return position


def _cell(
    cell_id: str, row_id: str, cell: Document, height: int, numbers: dict[str, int]
) -> Document:
    meta: Document = {"width": cell["width"], "height": height}
    if "chart" in cell:
        meta |= {"chartId": numbers[cell["chart"]], "uuid": uuid_of("charts", cell["chart"])}
    else:
        meta["code"] = cell["markdown"]
    kind = "CHART" if "chart" in cell else "MARKDOWN"
    return {
        "type": kind,
        "id": f"{kind}-{cell_id}",
        "parents": ["ROOT_ID", "GRID_ID", row_id],
        "children": [],
        "meta": meta,
    }


def _native_filter(filter_id: str, wanted: Document, numbers: dict[str, int]) -> Document:
    column, value = wanted["column"], wanted.get("value")
    chosen: Document = {"extraFormData": {}, "filterState": {}}
    if value:
        chosen = {
            "extraFormData": {"filters": [{"col": column, "op": "IN", "val": [value]}]},
            "filterState": {"value": [value], "label": value},
        }
    out_of_reach = {
        chart
        for chart in numbers
        if column not in sources("datasets")[sources("charts")[chart]["dataset"]]["columns"]
    }
    excluded = sorted({*out_of_reach, *wanted.get("leaves_alone", [])})
    return {
        "id": f"NATIVE_FILTER-{filter_id}",
        "name": wanted["title"],
        "description": wanted.get("description", ""),
        "type": "NATIVE_FILTER",
        "filterType": "filter_select",
        # Without this the first value is shown and not applied until somebody presses a button.
        "requiredFirst": wanted.get("first", False),
        "targets": [
            {
                "datasetUuid": uuid_of("datasets", wanted["dataset"]),
                "column": {"name": column},
            }
        ],
        "adhoc_filters": [
            {"expressionType": "SQL", "clause": "WHERE", "sqlExpression": condition}
            for condition in wanted.get("where", [])
        ],
        "defaultDataMask": chosen,
        "cascadeParentIds": [],
        "scope": {
            "rootPath": ["ROOT_ID"],
            "excluded": [numbers[chart] for chart in excluded],
        },
        "controlValues": {
            "multiSelect": wanted.get("several", False),
            "defaultToFirstItem": wanted.get("first", False),
            "enableEmptyFilter": "value" in wanted or wanted.get("first", False),
            "sortAscending": wanted.get("ascending", True),
            "inverseSelection": False,
            "searchAllOptions": False,
        },
    }
