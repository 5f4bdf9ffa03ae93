import io
import os
import socket
import stat
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from inbox import OCTOBER_9, Q3, drop, judge, waiting
from xlsxwriter import Workbook

from orchestration.contracts import load_contracts
from orchestration.ingestion.lake import SUBMISSIONS_SCHEMA, submissions_file
from orchestration.receiving.export import export_submissions
from orchestration.receiving.ledger import Ledger, now
from orchestration.receiving.receive import Taken, receive_inbox
from orchestration.receiving.submission import Duplicate, Received, Unrecognised
from orchestration.settings import Settings

CONTRACTS = load_contracts()
NAME = "海原县2024年三季度家庭收入情况表.csv"


def _receive(settings: Settings) -> list[Taken]:
    return receive_inbox(settings, CONTRACTS)


@contextmanager
def _ordinary_user(home: Path) -> Iterator[None]:
    """Do as a user whom permissions bind; the superuser would read everything."""
    if os.geteuid():
        yield
        return
    for path in (home, *home.rglob("*")):
        os.lchown(path, 65534, -1)
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def open_settings() -> Iterator[Settings]:
    """A home that an ordinary user can reach; folders of the test run are their owner's alone."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder, "var"))
        settings.inbox.mkdir(parents=True)
        Path(folder).chmod(0o755)
        yield settings


def _left(settings: Settings) -> str:
    (answer,) = settings.receipts.rglob("收件箱未能收取的文件.txt")
    return answer.read_text("utf-8-sig")


def _receive_one(settings: Settings) -> Taken:
    (taken,) = _receive(settings)
    return taken


def test_a_file_is_archived_recorded_and_taken_out_of_the_inbox(settings: Settings) -> None:
    content = "户编号,人均\n1,2\n".encode("gb18030")
    drop(settings, NAME, content)
    taken = _receive_one(settings)
    assert isinstance(taken, Received)
    assert taken.submission_id == "household_income_report__640522__2024Q3__v1"
    assert (taken.received_at, taken.is_on_time) == (OCTOBER_9, True)
    kept = taken.landing_file(settings)
    assert kept.read_bytes() == content
    assert kept.name == f"{taken.file_sha256}.csv"
    assert not kept.stat().st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert waiting(settings) == []
    assert list(Ledger(settings.ledger_file).received().values()) == [taken]
    assert _receive(settings) == []


def test_a_correction_is_a_new_version(settings: Settings) -> None:
    drop(settings, "a/" + NAME, b"1")
    drop(settings, "b/" + NAME, b"2", OCTOBER_9 + timedelta(days=1))
    drop(settings, "household_income_report__640522__2024Q3.csv", b"3", datetime(2024, 10, 16))
    versions = [taken for taken in _receive(settings) if isinstance(taken, Received)]
    assert [taken.version for taken in versions] == [1, 2, 3]
    assert [taken.is_on_time for taken in versions] == [True, True, False]
    assert [taken.landing_file(settings).read_bytes() for taken in versions] == [b"1", b"2", b"3"]


def test_the_last_day_is_on_time_until_midnight(settings: Settings) -> None:
    drop(settings, NAME, b"1", datetime(2024, 10, 15, 23, 59, 59))
    assert _receive_one(settings).is_on_time  # type: ignore[union-attr]


def test_the_same_content_again_is_a_duplicate_whatever_its_name(settings: Settings) -> None:
    drop(settings, NAME, b"1")
    _receive(settings)
    drop(settings, "【海原】2024Q3 户收入台账(1).csv", b"1", OCTOBER_9 + timedelta(hours=1))
    taken = _receive_one(settings)
    assert isinstance(taken, Duplicate)
    assert taken.original.version == 1
    assert waiting(settings) == []
    receipt = settings.receipts / "2024Q3" / f"{taken.submission_id}.txt"
    assert "重复报送：内容与第1版完全相同" in receipt.read_text("utf-8-sig")
    drop(settings, NAME, b"2", OCTOBER_9 + timedelta(hours=2))
    assert _receive_one(settings).version == 2  # type: ignore[union-attr]


def test_an_old_version_sent_again_does_not_come_back_silently(settings: Settings) -> None:
    for hours, content in enumerate([b"1", b"2", b"1"]):
        drop(settings, f"{hours}/{NAME}", content, OCTOBER_9 + timedelta(hours=hours))
    *_, taken = _receive(settings)
    assert isinstance(taken, Duplicate)
    receipt = settings.receipts / "2024Q3" / f"{taken.submission_id}.txt"
    assert "此后已收到第2版" in receipt.read_text("utf-8-sig")


def test_the_same_content_for_another_county_is_its_own_submission(settings: Settings) -> None:
    drop(settings, NAME, b"1")
    drop(settings, NAME.replace("海原", "同心"), b"1")
    assert [type(taken) for taken in _receive(settings)] == [Received, Received]


def test_what_is_not_recognised_is_kept_and_answered(settings: Settings) -> None:
    drop(settings, "新建 Microsoft Word 文档.docx", b"PK\x03\x04 broken")
    taken = _receive_one(settings)
    assert isinstance(taken, Unrecognised)
    kept = settings.landing / taken.file_sha256[:2] / f"{taken.file_sha256}.docx"
    assert kept.read_bytes() == b"PK\x03\x04 broken"
    (receipt,) = (settings.receipts / "unrecognised").iterdir()
    text = receipt.read_text("utf-8-sig")
    assert receipt.name.startswith(taken.file_sha256[:12])
    assert "新建 Microsoft Word 文档.docx" in text
    assert "原因：" in text
    assert "办法：" in text
    assert waiting(settings) == []


def _workbook(title: str, reporter: str) -> bytes:
    buffer = io.BytesIO()
    with Workbook(buffer) as workbook:
        sheet = workbook.add_worksheet()
        sheet.merge_range(0, 0, 0, 5, title)
        sheet.write_row(1, 0, [f"填报单位：{reporter}", "", "", "单位：元"])
        sheet.write_row(2, 0, ["户编号", "户主姓名", "乡镇", "村", "工资性收入", "经营性收入"])
        sheet.write_row(3, 0, ["H1", "张三", "海城镇", "山门村", 1, 2])
    return buffer.getvalue()


def test_a_poor_name_is_completed_by_the_title_in_a_real_workbook(settings: Settings) -> None:
    drop(settings, "新建工作表.xlsx", _workbook("海原县2024年第三季度家庭收入情况表", "海原县"))
    taken = _receive_one(settings)
    assert isinstance(taken, Received)
    assert taken.series == ("household_income_report", "640522", Q3)


def test_a_name_against_its_content_is_refused(settings: Settings) -> None:
    drop(settings, "同心县.xlsx", _workbook("2024年第三季度家庭收入情况表", "海原县"))
    taken = _receive_one(settings)
    assert isinstance(taken, Unrecognised)
    assert "名称与内容不一致" in taken.reason_zh


@pytest.mark.parametrize(
    "name", [".隐藏.csv", "~$表.xlsx", "表.xlsx.part", "表.tmp", "Thumbs.db", ".trash/表.csv"]
)
def test_unfinished_and_leftover_files_are_left_alone(settings: Settings, name: str) -> None:
    drop(settings, name, b"1")
    assert _receive(settings) == []
    assert waiting(settings) == [Path(name).name]


def test_a_link_does_not_reach_outside(settings: Settings, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    (settings.inbox / NAME).symlink_to(secret)
    assert _receive(settings) == []
    assert secret.exists()


def test_what_cannot_be_read_stays_is_answered_and_stops_no_other(
    open_settings: Settings,
) -> None:
    locked = drop(open_settings, "西吉县2024年三季度家庭收入情况表.csv", b"1")
    hidden = drop(open_settings, "同心县/2024年三季度家庭收入情况表.csv", b"2")
    drop(open_settings, NAME, b"3", OCTOBER_9 + timedelta(hours=1))
    with _ordinary_user(open_settings.home):
        locked.chmod(0)
        hidden.parent.chmod(0)
        taken = _receive_one(open_settings)
        assert taken.file_name == NAME
        answer = _left(open_settings)
        assert "西吉县2024年三季度家庭收入情况表.csv：系统没有读取该文件的权限" in answer
        assert "同心县：系统没有打开该文件夹的权限" in answer
        locked.chmod(0o644)
        hidden.parent.chmod(0o755)
        assert len(_receive(open_settings)) == 2
    assert waiting(open_settings) == []
    assert not list(open_settings.receipts.rglob("收件箱未能收取的文件.txt"))


def test_a_file_that_cannot_be_removed_is_taken_in_once(open_settings: Settings) -> None:
    drop(open_settings, f"海原县/{NAME}", b"1")
    with _ordinary_user(open_settings.home):
        (open_settings.inbox / "海原县").chmod(0o555)
        assert isinstance(_receive_one(open_settings), Received)
        assert _receive(open_settings) == []
        assert f"海原县/{NAME}：文件已收下并答复" in _left(open_settings)
        (open_settings.inbox / "海原县").chmod(0o755)
        assert _receive(open_settings) == []
    assert waiting(open_settings) == []


def test_what_is_no_file_is_answered_and_does_not_hold_up_the_inbox(settings: Settings) -> None:
    os.mkfifo(settings.inbox / "海原县.csv")
    (settings.inbox / "link.xlsx").symlink_to("/etc/hosts")
    (settings.inbox / "folder").symlink_to("/etc")
    listener = socket.socket(socket.AF_UNIX)
    here = os.open(settings.inbox, os.O_RDONLY)
    listener.bind(f"/proc/self/fd/{here}/socket.xlsx")
    drop(settings, NAME, b"1")
    assert isinstance(_receive_one(settings), Received)
    listener.close()
    os.close(here)
    answer = _left(settings)
    for name in ("海原县.csv", "link.xlsx", "folder", "socket.xlsx"):
        assert f"  {name}：" in answer


def test_identity_numbers_in_names_stay_in_the_inbox(settings: Settings) -> None:
    number = "11010519491231002X"
    drop(settings, f"马成功{number}/{NAME[:-4]}{number}.csv", b"1")
    drop(settings, f"马成功（{number}）.csv", b"2")
    drop(settings, f"x__{number}__2024Q3.csv", b"3")
    archive = _gbk_zip((f"马成功{number}.csv", b"4"))
    drop(settings, f"{number}.zip", archive)
    taken = _receive(settings)
    (received,) = (item for item in taken if isinstance(item, Received))
    assert received.landing_file(settings).read_bytes() == b"1"
    assert len(taken) == 4
    export_submissions(settings)
    written = [settings.ledger_file.read_text("utf-8").encode().decode("unicode_escape")]
    written += [str(pq.read_table(submissions_file(settings)).to_pylist())]
    for answer in settings.receipts.rglob("*.txt"):
        written += [answer.name, answer.read_text("utf-8-sig")]
    assert len(written) == 2 + 2 * 3
    for text in written:
        assert "19491231" not in text
        assert "马成功" not in text


def test_a_name_without_file_type_keeps_what_follows_its_dot(settings: Settings) -> None:
    drop(settings, "海原县2024.3季度家庭收入情况表", b"1")
    taken = _receive_one(settings)
    assert isinstance(taken, Received)
    assert taken.quarter == Q3


def test_a_file_from_the_future_is_received_now(settings: Settings) -> None:
    drop(settings, NAME, b"1", now() + timedelta(days=400))
    before = now() - timedelta(seconds=2)
    taken = _receive_one(settings)
    assert before <= taken.received_at <= now()


def test_a_gbk_file_name_from_a_windows_share_is_read(settings: Settings) -> None:
    raw = os.fsencode(settings.inbox) + b"/" + NAME.encode("gb18030")
    Path(os.fsdecode(raw)).write_bytes(b"1")
    assert _receive_one(settings).file_name == NAME


def _gbk_zip(*members: tuple[str, bytes]) -> bytes:
    """Return a zip whose member names are GBK without saying so, as Chinese Windows writes them."""
    lengths = [len(name.encode("gb18030")) for name, _ in members]
    placeholders = [f"{number:0{length}d}" for number, length in enumerate(lengths)]
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for placeholder, (_, content) in zip(placeholders, members, strict=True):
            archive.writestr(placeholder, content)
    data = buffer.getvalue()
    for placeholder, (name, _) in zip(placeholders, members, strict=True):
        data = data.replace(placeholder.encode(), name.encode("gb18030"))
    return data


def test_a_zip_is_unpacked_with_gbk_names_and_its_folders_help(settings: Settings) -> None:
    content = _gbk_zip(
        ("海原县/户信息表.csv", b"1"),
        ("同心县/户信息表.csv", b"2"),
        ("说明.txt", b"3"),
    )
    drop(settings, "2024年三季度报表.zip", content)
    taken = _receive(settings)
    assert [type(item) for item in taken] == [Received, Received, Unrecognised]
    assert [item.sender for item in taken[:2]] == ["640522", "640324"]  # type: ignore[union-attr]
    assert [item.file_name for item in taken] == ["户信息表.csv", "户信息表.csv", "说明.txt"]
    kept = {file.read_bytes() for file in settings.landing.glob("*/*")}
    assert kept == {b"1", b"2", b"3", content}
    assert waiting(settings) == []


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK not a zip", "已损坏"),
        (_gbk_zip(), "没有文件"),
        (_gbk_zip(("a.csv", b"1" * 9))[:-30], "已损坏"),
        (_gbk_zip(("a.csv", b"123456789")).replace(b"123456789", b"123456780"), "已损坏"),
    ],
    ids=["no zip", "empty", "cut off", "wrong checksum"],
)
def test_a_bad_zip_is_answered(settings: Settings, content: bytes, words: str) -> None:
    drop(settings, "海原县2024年三季度户信息表.zip", content)
    taken = _receive_one(settings)
    assert isinstance(taken, Unrecognised)
    assert words in taken.reason_zh
    assert waiting(settings) == []


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_zip_whose_bytes_do_not_unpack_stops_no_other_file(
    settings: Settings, method: int
) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        archive.writestr("a.csv", "abc,def\n" * 2000)
    content = bytearray(buffer.getvalue())
    content[44:64] = b"\xff" * 20
    drop(settings, "a.zip", bytes(content), OCTOBER_9 - timedelta(hours=1))
    drop(settings, NAME, b"1")
    bad, good = _receive(settings)
    assert isinstance(bad, Unrecognised)
    assert bad.rule == "archive.damaged"
    assert isinstance(good, Received)


def test_odd_members_of_a_zip_are_taken_in(settings: Settings) -> None:
    name = NAME.encode()
    extra = struct.pack("<HHBL", 0x7075, 5 + len(name), 1, zlib.crc32(b"a.csv")) + name
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        member = zipfile.ZipInfo("a.csv")
        member.extra = extra
        archive.writestr(member, b"1")
        archive.writestr("bb", b"2")
        archive.writestr("海原县/~$锁定.xlsx", b"3")
        archive.writestr("海原县/Thumbs.db", b"4")
    # A member that has no name but a root; Python would not write it.
    drop(settings, "a.zip", buffer.getvalue().replace(b"bb", b"\\\\"))
    taken = _receive(settings)
    assert len(taken) == 2
    kept = {file.read_bytes() for file in settings.landing.glob("*/*")}
    assert {b"1", b"2"} < kept
    assert kept.isdisjoint({b"3", b"4"})


def test_the_export_tells_what_became_of_every_file(settings: Settings) -> None:
    for hours, content in enumerate([b"1", b"2", b"3", b"1"]):
        drop(settings, f"{hours}/{NAME}", content, OCTOBER_9 + timedelta(hours=hours))
    drop(settings, "不知道.csv", b"4")
    drop(settings, NAME.replace("海原", "同心"), b"5")
    received = [taken for taken in _receive(settings) if isinstance(taken, Received)]
    first, second, third = (taken for taken in received if taken.sender == "640522")
    judge(settings, first)
    judge(settings, second, "accepted_with_quarantine")
    judge(settings, third, "rejected")
    table = export_submissions(settings)
    assert table.schema == SUBMISSIONS_SCHEMA
    before = submissions_file(settings).read_bytes()
    assert pq.read_table(submissions_file(settings)).to_pylist() == table.to_pylist()
    outcomes = {
        row["submission_id"]: (row["outcome"], row["is_current"]) for row in table.to_pylist()
    }
    prefix = "household_income_report__640522__2024Q3__"
    unrecognised = next(key for key in outcomes if key.startswith("unrecognised"))
    assert outcomes == {
        f"{prefix}v1": ("accepted", False),
        f"{prefix}v1__duplicate1": ("duplicate", False),
        f"{prefix}v2": ("accepted_with_quarantine", True),
        f"{prefix}v3": ("rejected", False),
        "household_income_report__640324__2024Q3__v1": ("pending", False),
        unrecognised: ("unrecognised", False),
    }
    export_submissions(settings)
    assert submissions_file(settings).read_bytes() == before
