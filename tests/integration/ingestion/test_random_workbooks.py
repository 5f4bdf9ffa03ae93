"""Whatever a workbook holds, it is judged; nothing in it stops the line."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from messes import CONTRACTS, ROWS, grid, text

from orchestration.ingestion.judgement import Judgement

JudgeFile = Callable[..., tuple[Judgement, pa.Table, pa.Table]]

WORDS = [
    "合计",
    "小计",
    "注：",
    "说明",
    "制表人：",
    "—",
    "约3",
    "海原县",
    "户编号",
    "=1+1",
    "万元",
    "'",
    "1e5",
]
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-(10**17), 10**17),
    st.sampled_from(WORDS),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=12),
    st.datetimes(),
)
SPOILT = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 45), CELLS), min_size=0, max_size=25)
OFTEN = settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def _spoil(dataset: str, changes: list[tuple[int, int, Any]]) -> list[list[Any]]:
    cells = [["标题"], *grid(dataset, ROWS[dataset]()), ["合计"]]
    width = max(map(len, cells))
    cells = [[*row, *[None] * (width - len(row))] for row in cells]
    for row, column, value in changes:
        cells[row % len(cells)][column % width] = value
    return cells


def _check(result: tuple[Judgement, pa.Table, pa.Table]) -> None:
    judgement, accepted, refused = result
    assert judgement.rejection is None or judgement.rejection.rule != "file.failed"
    assert judgement.rows_accepted == accepted.num_rows
    assert len(set(refused["source_row"].to_pylist())) == judgement.rows_quarantined
    if judgement.rejection is None:
        duplicates = sum(r.count for r in judgement.repairs if r.rule == "rows.duplicate")
        counted = judgement.rows_accepted + judgement.rows_quarantined + duplicates
        assert counted == judgement.rows_read


@pytest.mark.parametrize("dataset", ROWS)
@OFTEN
@given(changes=SPOILT)
def test_spoilt_workbooks_are_judged(
    dataset: str, changes: list[tuple[int, int, Any]], tmp_path: Path, judge_file: JudgeFile
) -> None:
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    for row in _spoil(dataset, changes):
        sheet.append(row)
    file = tmp_path / "spoilt.xlsx"
    workbook.save(file)
    _check(judge_file(file, dataset))


@OFTEN
@given(changes=SPOILT, separator=st.sampled_from([",", "\t", ";"]))
def test_spoilt_texts_are_judged(
    changes: list[tuple[int, int, Any]], separator: str, tmp_path: Path, judge_file: JudgeFile
) -> None:
    file = tmp_path / "spoilt.csv"
    text(file, _spoil("household_income_report", changes), "utf-8", separator)
    _check(judge_file(file, "household_income_report"))


@OFTEN
@given(
    content=st.binary(max_size=400),
    start=st.sampled_from(
        [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PAR1", b"<html><table>"]
    ),
)
def test_any_bytes_are_judged(
    content: bytes, start: bytes, tmp_path: Path, judge_file: JudgeFile
) -> None:
    file = tmp_path / "bytes.xls"
    file.write_bytes(start + content)
    judgement, _, _ = judge_file(file, "household_income_report")
    assert judgement.rejection is not None
    assert judgement.rejection.rule != "file.failed"


def test_the_contracts_under_test_cover_every_kind_of_column() -> None:
    kinds = {column.kind for dataset in ROWS for column in CONTRACTS[dataset].columns}
    everything = {column.kind for contract in CONTRACTS.values() for column in contract.columns}
    assert everything - kinds == {"indicator"}
