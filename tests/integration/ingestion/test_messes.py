"""Every mess of real submissions has the outcome that is stated for it."""

import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from messes import CONTRACTS, IDS, MESSES, NAMES, ROWS, Mess, grid, received_of, xlsx

from orchestration.ingestion import lake
from orchestration.ingestion.judgement import Judgement
from orchestration.ingestion.rules import REPAIRS
from orchestration.receiving.receipts import write_receipt
from orchestration.settings import Settings

Judged = tuple[Judgement, pa.Table, pa.Table]
JudgeFile = Callable[..., Judged]
ALL = pytest.mark.parametrize("mess", MESSES, ids=lambda mess: mess.name)


def values_of(table: pa.Table) -> list[dict[str, Any]]:
    provenance = {item.name for item in lake.PROVENANCE}
    return table.drop_columns([n for n in table.column_names if n in provenance]).to_pylist()


@pytest.fixture
def clean(tmp_path: Path, judge_file: JudgeFile) -> Callable[[str], list[dict[str, Any]]]:
    def judge_clean(dataset: str) -> list[dict[str, Any]]:
        file = xlsx(tmp_path / "clean.xlsx", ("Sheet1", grid(dataset, ROWS[dataset]())))
        judgement, accepted, _ = judge_file(file, dataset)
        assert (judgement.outcome, judgement.repairs, accepted.num_rows) == ("accepted", (), 6)
        return values_of(accepted)

    return judge_clean


@ALL
def test_the_outcome_is_the_stated_one(
    mess: Mess,
    tmp_path: Path,
    judge_file: JudgeFile,
    clean: Callable[[str], list[dict[str, Any]]],
) -> None:
    judgement, accepted, refused = judge_file(mess.build(tmp_path / mess.file_name), mess.dataset)

    if mess.rejection:
        assert judgement.rejection is not None
        assert judgement.rejection.rule == mess.rejection
        assert judgement.outcome == "rejected"
        assert accepted.num_rows == judgement.rows_accepted == 0
        assert mess.says in judgement.rejection.reason_zh
        assert judgement.rejection.remedy_zh
        return

    assert judgement.rejection is None
    found = {(fault.row, fault.column_header, fault.rule) for fault in judgement.faults}
    assert found == set(mess.faults)
    assert judgement.outcome == ("accepted_with_quarantine" if mess.faults else "accepted")
    if mess.says:
        assert any(mess.says in fault.reason_zh + fault.remedy_zh for fault in judgement.faults)
    counts: Counter[str] = Counter()
    for repair in judgement.repairs:
        counts[repair.rule] += repair.count
    assert dict(counts) == mess.repairs

    faulty = {row for row, _, _ in mess.faults}
    assert judgement.rows_quarantined == len(faulty)
    assert set(refused["source_row"].to_pylist()) == faulty
    if not mess.is_comparable:
        assert accepted.num_rows == mess.rows
        for (index, name), value in mess.values.items():
            assert accepted[name].to_pylist()[index] == value
        return
    expected = clean(mess.dataset)[: mess.rows]
    for (index, name), value in mess.values.items():
        expected[index][name] = value
    dropped = mess.dropped
    if dropped is None:
        dropped = [row - 2 for row in faulty]
    wanted = [row for index, row in enumerate(expected) if index not in dropped]
    assert values_of(accepted) == wanted
    if mess.totals is not None:
        matched = [total.is_matched for total in judgement.control_totals]
        assert sorted(matched) == sorted(mess.totals)


@ALL
def test_nothing_that_leaves_names_a_person(
    mess: Mess, tmp_path: Path, judge_file: JudgeFile, home: Settings
) -> None:
    file = mess.build(tmp_path / mess.file_name)
    judgement, accepted, refused = judge_file(file, mess.dataset)
    receipt = write_receipt(
        home, received_of(file, mess.dataset), judgement, CONTRACTS[mess.dataset]
    )

    leaving = [repr(judgement), *cells_of(accepted), *cells_of(refused), *texts_of(receipt)]
    for text in leaving:
        plain = "".join(unicodedata.normalize("NFKC", text).split())
        for number in IDS:
            # Also what a spreadsheet leaves of it (15 digits), and its old form.
            assert number[:15] not in plain
            assert number[:6] + number[8:17] not in plain
        for name in NAMES:
            assert name not in plain


def cells_of(table: pa.Table) -> Iterator[str]:
    for column in table.columns:
        if pa.types.is_string(column.type):
            yield from (value for value in column.to_pylist() if value)


def texts_of(receipt: Path) -> Iterator[str]:
    yield receipt.with_suffix(".txt").read_text("utf-8")
    with zipfile.ZipFile(receipt) as archive:
        for member in archive.namelist():
            yield archive.read(member).decode("utf-8")


@ALL
def test_judging_again_gives_the_same_bytes(
    mess: Mess, tmp_path: Path, judge_file: JudgeFile
) -> None:
    file = mess.build(tmp_path / mess.file_name)
    written = []
    for attempt in ("first", "second"):
        _, accepted, refused = judge_file(file, mess.dataset)
        for kind, table in (("accepted", accepted), ("refused", refused)):
            lake.write_parquet(table, tmp_path / attempt / f"{kind}.parquet")
        written.append([f.read_bytes() for f in sorted((tmp_path / attempt).iterdir())])
    assert written[0] == written[1]


def test_every_repair_names_place_and_change(tmp_path: Path, judge_file: JudgeFile) -> None:
    mess = next(mess for mess in MESSES if mess.name == "numbers_as_people_write_them")
    judgement, _, _ = judge_file(mess.build(tmp_path / mess.file_name), mess.dataset)
    wan = next(repair for repair in judgement.repairs if repair.rule == "number.wan")
    assert wan.title_zh == REPAIRS["number.wan"]
    assert wan.column_header == "外出务工收入"
    assert wan.examples == (("Sheet1", 4, "2.6万", "26000.00"),)


def test_a_correction_with_few_rows_is_sent_back(tmp_path: Path, judge_file: JudgeFile) -> None:
    file = xlsx(tmp_path / "part.xlsx", ("Sheet1", grid("person_roster", ROWS["person_roster"]())))
    judgement, accepted, _ = judge_file(file, "person_roster", 13)
    assert judgement.rejection is not None
    assert judgement.rejection.rule == "file.shrunk"
    assert accepted.num_rows == 0
    assert judge_file(file, "person_roster", 12)[0].outcome == "accepted"


def test_numbers_that_lost_their_end_are_refused_even_if_one_looks_right(
    tmp_path: Path, judge_file: JudgeFile
) -> None:
    mess = next(mess for mess in MESSES if mess.name == "a_column_of_truncated_numbers")
    judgement, _, _ = judge_file(mess.build(tmp_path / mess.file_name), mess.dataset)
    assert [fault.rule for fault in judgement.faults] == ["id.truncated"] * 6
