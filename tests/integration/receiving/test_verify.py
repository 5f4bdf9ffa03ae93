from pathlib import Path

import pytest
from inbox import OCTOBER_9, drop, judge

from orchestration.contracts import load_contracts
from orchestration.receiving.receive import receive_inbox
from orchestration.receiving.submission import Received
from orchestration.receiving.verify import verify
from orchestration.settings import Settings


@pytest.fixture
def received(settings: Settings) -> list[Received]:
    """Two counties' rosters and a file nobody can place; the first roster is judged."""
    drop(settings, "海原县2024年三季度户信息表.csv", b"1")
    drop(settings, "同心县2024年三季度户信息表.csv", b"2")
    drop(settings, "不知道.csv", b"3")
    taken = receive_inbox(settings, load_contracts())
    received = [item for item in taken if isinstance(item, Received)]
    judge(settings, next(item for item in received if item.sender == "640522"))
    return received


def _lake_file(settings: Settings) -> Path:
    (file,) = settings.accepted.glob("*/quarter=*/*.parquet")
    return file


@pytest.mark.usefixtures("received")
def test_an_untouched_home_is_sound(settings: Settings) -> None:
    assert verify(settings) == []


@pytest.mark.usefixtures("received")
def test_an_edited_ledger_line_is_named(settings: Settings) -> None:
    text = settings.ledger_file.read_text("ascii")
    settings.ledger_file.write_text(text.replace("2024-10-09T10:00:00", "2024-10-08T10:00:00", 1))
    assert verify(settings) == ["台账第1行内容与其校验值不符：该行被改动过"]


def test_an_edited_landing_file_is_named(settings: Settings, received: list[Received]) -> None:
    file = received[0].landing_file(settings)
    file.chmod(0o644)
    file.write_bytes(b"9")
    (problem,) = verify(settings)
    assert problem.startswith("存档文件被改动")
    assert received[0].file_name in problem


def test_a_missing_landing_file_is_named(settings: Settings, received: list[Received]) -> None:
    received[1].landing_file(settings).unlink()
    (problem,) = verify(settings)
    assert problem.startswith("存档文件缺失")
    assert received[1].file_name in problem


@pytest.mark.usefixtures("received")
def test_an_edited_lake_file_is_named(settings: Settings) -> None:
    file = _lake_file(settings)
    file.write_bytes(file.read_bytes()[:-1] + b"0")
    (problem,) = verify(settings)
    assert problem.startswith("数据湖文件被改动：household_roster__640522__2024Q3__v1")


@pytest.mark.usefixtures("received")
def test_a_missing_and_a_smuggled_lake_file_are_named(settings: Settings) -> None:
    file = _lake_file(settings)
    file.rename(file.with_name("640522-v9.parquet"))
    problems = verify(settings)
    assert [problem.split("：")[0] for problem in problems] == [
        "数据湖文件缺失",
        "数据湖里有台账没有记录的文件",
    ]


def test_a_ledger_cut_short_leaves_files_without_a_record(
    settings: Settings, received: list[Received]
) -> None:
    first = settings.ledger_file.read_text("ascii").splitlines()[0]
    settings.ledger_file.write_text(first + "\n", "ascii")
    problems = verify(settings)
    assert sum("存档里有台账没有记录的文件" in problem for problem in problems) == len(received)
    assert any("数据湖里有台账没有记录的文件" in problem for problem in problems)


@pytest.mark.usefixtures("received")
def test_a_destroyed_line_is_reported_and_not_raised(settings: Settings) -> None:
    with settings.ledger_file.open("a", encoding="ascii") as handle:
        handle.write("???\n")
    problems = verify(settings)
    assert any("台账第5行无法读取" in problem for problem in problems)
    assert any("未能核对" in problem for problem in problems)


def test_a_zip_in_the_archive_is_expected(settings: Settings) -> None:
    import io
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("海原县2024年三季度户信息表.csv", b"1")
    drop(settings, "报表.zip", buffer.getvalue(), OCTOBER_9)
    receive_inbox(settings, load_contracts())
    assert verify(settings) == []
