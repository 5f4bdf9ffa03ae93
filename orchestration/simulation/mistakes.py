"""Honest mistakes in a row set: few, of every usual kind, none of them on purpose.

Some can be mended by rule (spaces in a number, a lower-case x), some cost a row (a digit too few, a
village that does not exist); all are labelled nowhere, as in life.
"""

from collections.abc import Callable

import numpy as np
import pyarrow as pa

from orchestration.contracts import Column, Contract

_FULL_WIDTH = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")

# Expected mistakes per thousand rows, and the most of one kind in a file.
_PER_THOUSAND = {"repairable": 4.0, "broken": 0.7, "repeated": 0.5, "range": 0.3, "village": 0.3}
_MOST = {"repairable": 40, "broken": 5, "repeated": 3, "range": 2, "village": 2}


def with_mistakes(table: pa.Table, contract: Contract, rng: np.random.Generator) -> pa.Table:
    """Return the row set with the mistakes that happen when people write it down."""
    columns = {column.name: column for column in contract.columns}
    identities = [n for n in table.column_names if columns[n].kind == "person"]
    keys = [n for n in table.column_names if columns[n].kind == "household"]
    for name in identities:
        table = _change(table, name, _pick(table, "repairable", rng), _mendable)
        table = _change(table, name, _pick(table, "broken", rng), _broken)
    for name in keys:
        table = _change(table, name, _pick(table, "repairable", rng), _other_case)
    if "village_code" in table.column_names:
        table = _change(table, "village_code", _pick(table, "village", rng), _no_village)
    bounded = [n for n in table.column_names if _is_bounded(columns[n])]
    if bounded:
        name = bounded[int(rng.integers(0, len(bounded)))]
        column = columns[name]
        beyond = round((column.maximum or 0) * 10 ** (column.scale or 0)) * 3
        table = _change(table, name, _pick(table, "range", rng), lambda _v, _i: beyond)
    return _with_repeats(table, _pick(table, "repeated", rng))


def _pick(table: pa.Table, kind: str, rng: np.random.Generator) -> np.ndarray:
    count = min(rng.poisson(table.num_rows * _PER_THOUSAND[kind] / 1000), _MOST[kind])
    return np.sort(rng.choice(table.num_rows, min(count, table.num_rows), replace=False))


def _change(
    table: pa.Table, name: str, rows: np.ndarray, change: Callable[[object, int], object]
) -> pa.Table:
    if not len(rows):
        return table
    values = table[name].to_pylist()
    for number, row in enumerate(rows.tolist()):
        if values[row] is not None:
            values[row] = change(values[row], number)
    position = table.column_names.index(name)
    return table.set_column(position, name, pa.array(values, table.schema.field(name).type))


def _mendable(value: object, number: int) -> str:
    text = str(value)
    return (
        f"{text[:6]} {text[6:14]} {text[14:]}",
        text.lower(),
        text.translate(_FULL_WIDTH),
        f"'{text}",
        f"{text}\u00a0",
    )[number % 5]


def _broken(value: object, number: int) -> str:
    text = str(value)
    last = "0" if text[-1] != "0" else "1"
    return (text[:-1] + last, text[:-1], f"{text[:6]}********{text[-4:]}", f"{text[:-4]}0000")[
        number % 4
    ]


def _other_case(value: object, number: int) -> str:
    return str(value).lower() if number % 2 else str(value).translate(_FULL_WIDTH)


def _no_village(_value: object, number: int) -> str:
    return ("幸福家园安置区", "原五队", "新村")[number % 3]


def _is_bounded(column: Column) -> bool:
    return column.kind == "decimal" and column.maximum is not None


def _with_repeats(table: pa.Table, rows: np.ndarray) -> pa.Table:
    """Repeat some rows just below themselves, as when a line is pasted twice."""
    if not len(rows):
        return table
    order = np.sort(np.concatenate([np.arange(table.num_rows), rows]), kind="stable")
    return table.take(pa.array(order))
