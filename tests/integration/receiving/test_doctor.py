"""A file examined before it is sent gets the answer that the line gives when it has come."""

import re
import shutil
from pathlib import Path

from click.testing import CliRunner

from orchestration.cli import main
from orchestration.receiving.doctor import examine
from orchestration.receiving.ledger import Ledger
from orchestration.receiving.receipts import receipt_path
from orchestration.settings import Settings

ONLY_THE_LINE_KNOWS = re.compile(r"^(版本|收到时|报送编号|【模拟数据】).*$", re.MULTILINE)


def _answer(text: str) -> list[str]:
    return [line for line in ONLY_THE_LINE_KNOWS.sub("", text).splitlines() if line.strip()]


def test_the_answer_is_the_receipt_of_the_line(small_home: Settings, tmp_path: Path) -> None:
    ledger = Ledger(small_home.ledger_file)
    judged = ledger.judged()
    seen: set[tuple[str, str]] = set()
    for received in ledger.received().values():
        outcome = judged[received.submission_id]["outcome"]
        kind = (outcome, Path(received.file_name).suffix)
        if received.version > 1 or kind in seen or "household" in received.dataset:
            continue
        seen.add(kind)
        file = tmp_path / received.submission_id / received.file_name
        file.parent.mkdir()
        shutil.copy2(received.landing_file(small_home), file)
        (diagnosis,) = examine(file)
        receipt = receipt_path(small_home, received.submission_id, received.quarter)
        expected = receipt.with_suffix(".txt").read_text("utf-8-sig")
        assert _answer(diagnosis.receipt) == _answer(expected), received.file_name
        assert diagnosis.is_healthy <= (outcome == "accepted")
    assert {outcome for outcome, _ in seen} >= {"accepted", "accepted_with_quarantine"}


def test_examining_needs_no_home_and_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setenv("ZENGSHOU_HOME", str(tmp_path / "var"))
    file = tmp_path / "某某表.csv"
    file.write_text("甲,乙\n1,2\n", "utf-8")
    result = CliRunner().invoke(main, ["doctor", str(file)])
    assert result.exit_code == 1
    assert "未能识别" in result.output
    assert "办法：" in result.output
    assert not (tmp_path / "var").exists()
    assert [path.name for path in tmp_path.iterdir()] == [file.name]
