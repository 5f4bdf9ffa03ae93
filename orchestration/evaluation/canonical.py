"""From a simulated row set to the rows that ingestion would accept of it, by column and not by row.

Only what reading a faultless file would change: names become codes, scaled numbers become decimals,
words for nothing become null. Identity numbers stay what they are, with a prefix: the numbers of a
simulation are nobody's, and hashing them would take longer than the whole evaluation.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from orchestration.contracts import Column, Contract
from orchestration.ingestion import cells
from orchestration.ingestion.lake import PROVENANCE, accepted_schema
from orchestration.ingestion.regions import Regions

_KEY_PREFIX = {"person": "P", "household": "H"}
_JOINT = "\t"
_FIRST_ROW = 2


@dataclass(frozen=True)
class Sender:
    """Who has sent how many rows, and in which submission."""

    id: str
    submission_id: str
    rows: int


def accepted_rows(
    table: pa.Table, contract: Contract, regions: Regions, senders: Sequence[Sender]
) -> pa.Table:
    """Return the rows of a row set as the lake holds them.

    Args:
        table: the row set, in the contract's columns, sender after sender.
        contract: of its dataset.
        regions: the look-ups of county and village names.
        senders: whose rows they are, in order; together they have sent all of them.
    """
    schema = accepted_schema(contract)
    arrays = []
    for column in contract.stored_columns:
        if column.name not in table.column_names:
            arrays.append(pa.nulls(table.num_rows, column.arrow_type))
        elif column.kind == "village":
            arrays.append(_villages(table, column, regions))
        else:
            arrays.append(_values(table, column, regions))
    return pa.Table.from_arrays([*arrays, *_provenance(contract, senders)], schema=schema)


def _provenance(contract: Contract, senders: Sequence[Sender]) -> list[pa.Array]:
    counts = np.array([sender.rows for sender in senders], dtype=np.int64)
    owner = pa.array(np.repeat(np.arange(len(senders)), counts))
    starts = np.repeat(np.cumsum(counts) - counts, counts)
    rows = np.arange(counts.sum()) - starts + _FIRST_ROW
    names = pa.array([sender.submission_id for sender in senders], pa.string()).take(owner)
    texts = {
        "submission_id": names,
        "sender": pa.array([sender.id for sender in senders], pa.string()).take(owner),
        "source_file": names,
        "source_row": pa.array(rows.astype(np.int32)),
    }
    same = {
        "submission_version": 1,
        "source_sha256": "",
        "source_sheet": "Sheet1",
        "contract_version": contract.version,
    }
    return [
        texts[field.name]
        if field.name in texts
        else pa.repeat(pa.scalar(same[field.name], field.type), len(rows))
        for field in PROVENANCE
    ]


def _values(table: pa.Table, column: Column, regions: Regions) -> pa.Array:
    match column.kind:
        case "decimal":
            return _decimals(_whole(table, column.name), column.arrow_type)
        case "month":
            months = _whole(table, column.name).to_numpy(zero_copy_only=False)
            days = months.astype("datetime64[M]").astype("datetime64[D]")
            return pa.array(days).cast(pa.date32())
        case "integer" | "date" | "timestamp" | "boolean":
            return _whole(table, column.name).cast(column.arrow_type)
        case "person" | "household":
            values = _whole(table, column.name).cast(pa.string())
            return pc.binary_join_element_wise(_KEY_PREFIX[column.kind], values, "")
        case "county":
            return _read(table, column.name, regions.county)
        case "code" | "indicator":
            return _whole(table, column.name).cast(pa.string())
        case _ if column.is_key:
            return _whole(table, column.name).cast(pa.string())
        case _:
            return _read(table, column.name, lambda text: cells.read_text(text).value)


def _villages(table: pa.Table, column: Column, regions: Regions) -> pa.Array:
    """Name the villages by their codes, each distinct (county, township, name) once."""
    townships = (
        _whole(table, "township_name")
        if "township_name" in table.column_names
        else pa.repeat(pa.scalar(""), table.num_rows)
    )
    places = pc.binary_join_element_wise(
        _read(table, "county_code", regions.county),
        pc.fill_null(townships.cast(pa.string()), ""),
        _whole(table, column.name).cast(pa.string()),
        _JOINT,
    )
    return _each_distinct(places, partial(_village, regions))


def _village(regions: Regions, place: str) -> str | None:
    county, township, name = place.split(_JOINT)
    codes = regions.village(county, township or None, name)
    return next(iter(codes)) if len(codes) == 1 else None


def _read(table: pa.Table, name: str, read: Callable[[str], str | None]) -> pa.Array:
    return _each_distinct(_whole(table, name).cast(pa.string()), read)


def _each_distinct(values: pa.Array, read: Callable[[str], str | None]) -> pa.Array:
    encoded = values.dictionary_encode()
    known = [None if text is None else read(text) for text in encoded.dictionary.to_pylist()]
    return pa.array(known, pa.string()).take(encoded.indices)


def _whole(table: pa.Table, name: str) -> pa.Array:
    column = table[name].combine_chunks()
    return column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)


def _decimals(scaled: pa.Array, kind: pa.DataType) -> pa.Array:
    """Read whole numbers as decimals that many places to the left: the same bits, sign extended."""
    numbers = pc.fill_null(scaled.cast(pa.int64()), 0).to_numpy(zero_copy_only=False)
    words = np.stack([numbers, numbers >> 63], axis=1)
    decimals = pa.Array.from_buffers(kind, len(scaled), [None, pa.py_buffer(words.tobytes())])
    return decimals if not scaled.null_count else pc.if_else(scaled.is_valid(), decimals, None)
