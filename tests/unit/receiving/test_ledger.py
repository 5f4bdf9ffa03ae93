import json
import multiprocessing
from pathlib import Path

import pytest

from orchestration.receiving.ledger import GENESIS, Ledger, LedgerError


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger(tmp_path / "ledger" / "ledger.jsonl")


def _fill(ledger: Ledger, count: int = 5) -> None:
    for number in range(count):
        ledger.append("unrecognised", {"file_name": f"海原县{number}.xlsx"})


def test_entries_come_back_in_order_and_chained(ledger: Ledger) -> None:
    _fill(ledger)
    entries = Ledger(ledger.file).entries()
    assert [entry.seq for entry in entries] == [1, 2, 3, 4, 5]
    assert [entry.payload["file_name"] for entry in entries][:2] == ["海原县0.xlsx", "海原县1.xlsx"]
    assert [entry.prev_hash for entry in entries] == [
        GENESIS,
        *(entry.hash for entry in entries[:-1]),
    ]
    assert ledger.head == entries[-1].hash
    assert ledger.verify() == []


def test_an_empty_ledger_is_sound(ledger: Ledger) -> None:
    assert ledger.entries() == []
    assert ledger.verify() == []
    assert ledger.head == GENESIS


def test_a_second_reader_sees_what_the_first_appends(ledger: Ledger) -> None:
    other = Ledger(ledger.file)
    _fill(ledger, 2)
    assert len(other.entries()) == 2
    other.append("unrecognised", {"file_name": "同心县.xlsx"})
    assert [entry.seq for entry in ledger.entries()] == [1, 2, 3]
    assert ledger.verify() == []


@pytest.mark.parametrize("lost", [1, 7, 60])
def test_a_torn_last_line_is_healed_by_the_next_append(ledger: Ledger, lost: int) -> None:
    _fill(ledger)
    ledger.file.write_bytes(ledger.file.read_bytes()[:-lost])
    survivor = Ledger(ledger.file)
    assert len(survivor.entries()) == 4
    assert any("不完整" in problem for problem in survivor.verify())
    survivor.append("unrecognised", {"file_name": "再来.xlsx"})
    names = [entry.payload["file_name"] for entry in Ledger(ledger.file).entries()]
    assert names[-2:] == ["海原县3.xlsx", "再来.xlsx"]
    assert survivor.verify() == []


def _append_many(file: Path) -> None:
    ledger = Ledger(file)
    for number in range(50):
        ledger.append("unrecognised", {"file_name": f"{number}"})


def test_processes_append_side_by_side(ledger: Ledger) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_append_many, args=(ledger.file,)) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert [entry.seq for entry in ledger.entries()] == list(range(1, 201))
    assert ledger.verify() == []


def test_a_frame_field_cannot_be_smuggled_in(ledger: Ledger) -> None:
    with pytest.raises(ValueError, match="hash"):
        ledger.append("unrecognised", {"hash": "0"})
    assert ledger.entries() == []


def _lines(ledger: Ledger) -> list[str]:
    return ledger.file.read_text("ascii").splitlines()


def _tamper(ledger: Ledger, lines: list[str]) -> list[str]:
    ledger.file.write_text("\n".join(lines) + "\n", "ascii")
    return Ledger(ledger.file).verify()


def test_a_changed_line_is_named(ledger: Ledger) -> None:
    _fill(ledger)
    lines = _lines(ledger)
    entry = json.loads(lines[2])
    entry["file_name"] = "别的.xlsx"
    lines[2] = json.dumps(entry)
    assert _tamper(ledger, lines) == ["台账第3行内容与其校验值不符：该行被改动过"]


def test_a_forged_line_breaks_the_chain_behind_it(ledger: Ledger, tmp_path: Path) -> None:
    _fill(ledger)
    forger = Ledger(tmp_path / "forged.jsonl")
    for number in range(3):
        forger.append(
            "unrecognised", {"file_name": f"海原县{number if number < 2 else '伪造'}.xlsx"}
        )
    lines = _lines(ledger)
    lines[2] = _lines(forger)[2]
    problems = _tamper(ledger, lines)
    assert any("第4行与上一行不衔接" in problem for problem in problems)


def test_a_deleted_line_is_named(ledger: Ledger) -> None:
    _fill(ledger)
    lines = _lines(ledger)
    del lines[1]
    problems = _tamper(ledger, lines)
    assert any("台账第2行序号为3，应为2" in problem for problem in problems)


def test_swapped_lines_are_named(ledger: Ledger) -> None:
    _fill(ledger)
    lines = _lines(ledger)
    lines[1], lines[2] = lines[2], lines[1]
    assert _tamper(ledger, lines)


def test_garbage_is_named_and_stops_readers(ledger: Ledger) -> None:
    _fill(ledger)
    lines = _lines(ledger)
    lines[3] = "[1]"
    assert "台账第4行无法读取：不是有效的记录，疑被改动" in _tamper(ledger, lines)
    with pytest.raises(LedgerError, match="第4行"):
        Ledger(ledger.file).entries()
