from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from orchestration.calendar import Quarter
from orchestration.contracts import load_contracts
from orchestration.ingestion.judgement import ControlTotal, Fault, Judgement, Repair
from orchestration.receiving.receipt_workbook import neutral
from orchestration.receiving.receipts import (
    receipt_path,
    write_duplicate_receipt,
    write_receipt,
    write_unrecognised_receipt,
)
from orchestration.receiving.submission import Duplicate, Received, Unrecognised
from orchestration.settings import Settings

CONTRACT = load_contracts()["household_income_report"]
Q3 = Quarter.of(2024, 3)


def _received(received_at: datetime = datetime(2024, 10, 18, 9, 30)) -> Received:
    return Received(
        submission_id="household_income_report__640522__2024Q3__v2",
        dataset="household_income_report",
        sender="640522",
        quarter=Q3,
        version=2,
        file_name="海原县家庭收入情况表.xlsx",
        file_sha256="ab" * 32,
        received_at=received_at,
        is_on_time=received_at < datetime(2024, 10, 16),
    )


def _fault(row: int, value: str = "12", rule: str = "cell.number") -> Fault:
    return Fault("Sheet1", row, "wage", "工资性收入", value, rule, "不是数字", "请填写数字")


def _judgement(**changes: Any) -> Judgement:
    values: dict[str, Any] = {
        "submission_id": "household_income_report__640522__2024Q3__v2",
        "outcome": "accepted",
        "contract_version": "1.0.0",
        "rows_read": 100,
        "rows_accepted": 100,
        "rows_quarantined": 0,
        "repairs": (),
        "control_totals": (),
        "faults": (),
        "rejection": None,
        "accepted_sha256": "cd" * 32,
    }
    return Judgement(**{**values, **changes})


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def _text_of(path: Path) -> str:
    return path.with_suffix(".txt").read_text("utf-8-sig")


def _cells(path: Path, sheet: str) -> list[tuple[Any, ...]]:
    return list(openpyxl.load_workbook(path)[sheet].values)


def test_a_clean_file_needs_nothing(settings: Settings) -> None:
    path = write_receipt(settings, _received(datetime(2024, 10, 15, 23)), _judgement(), CONTRACT)
    text = _text_of(path)
    assert path == receipt_path(settings, _received().submission_id, Q3)
    assert text.startswith("回执\n")
    for words in (
        "海原县",
        "2024年第3季度",
        "第2版",
        "按时（截止2024-10-15）",
        "全部接收",
        "无需处理",
    ):
        assert words in text
    assert openpyxl.load_workbook(path).sheetnames == ["回执", "问题清单", "自动修复", "合计核对"]
    assert "模拟数据" not in text


def test_faults_are_grouped_then_listed_with_where_and_how(settings: Settings) -> None:
    faults = (*(_fault(row) for row in range(5, 75)), _fault(80, "", "cell.required"))
    judgement = _judgement(
        outcome="accepted_with_quarantine", rows_accepted=29, rows_quarantined=71, faults=faults
    )
    path = write_receipt(settings, _received(), judgement, CONTRACT)
    text = _text_of(path)
    assert "逾期3天" in text
    assert "部分接收：29行已采用；71行有问题" in text
    assert "问题（共71处" in text
    assert "  1. 不是数字：“工资性收入”列70处（规则 cell.number）" in text
    assert "    [Sheet1]第9行“工资性收入”列“12”：不是数字。" in text
    assert "[Sheet1]第10行" not in text
    assert "另有65处同样的问题未列出" in text
    assert "  2. 不是数字：“工资性收入”列1处（规则 cell.required）" in text
    assert text.count("改法：请填写数字。") == 2
    rows = _cells(path, "问题清单")
    assert len(rows) == 1 + 71
    assert rows[1] == (1, "Sheet1", 5, "工资性收入", "12", "不是数字", "请填写数字", "cell.number")
    sheet = openpyxl.load_workbook(path)["问题清单"]
    assert sheet.freeze_panes == "A2"
    assert sheet.column_dimensions["F"].width > 30


def test_thousands_of_equal_faults_are_one_group_whatever_they_quote(settings: Settings) -> None:
    faults = tuple(
        Fault(
            *("Sheet1", row, "total_income", "年收入", str(row), "sum.mismatch"),
            f"“年收入”填报 {row}，按分项计算应为 1。",
            f"请核对分项和合计，改正后重报（容许误差 {row} 元）。",
        )
        for row in range(5, 5005)
    )
    judgement = _judgement(outcome="accepted_with_quarantine", rows_quarantined=5000, faults=faults)
    path = write_receipt(settings, _received(), judgement, CONTRACT)
    text = _text_of(path)
    assert "  1. 合计与分项不符：“年收入”列5000处（规则 sum.mismatch）" in text
    assert "另有4995处同样的问题未列出" in text
    assert len(text.splitlines()) < 50
    assert len(_cells(path, "问题清单")) == 1 + 5000
    groups = [row for row in _cells(path, "回执") if row[0] == "合计与分项不符"]
    assert [row[2:4] for row in groups] == [("年收入", 5000)]


@pytest.mark.parametrize(
    ("changes", "must_resend"),
    [
        ({}, False),
        ({"outcome": "accepted_with_quarantine", "faults": (_fault(5),)}, True),
        ({"outcome": "rejected", "rejection": _fault(0), "accepted_sha256": None}, True),
        (
            {
                "control_totals": (
                    ControlTotal("S", 9, "全表", "工资", Decimal(2), Decimal(1), False),
                )
            },
            True,
        ),
    ],
    ids=["accepted", "in part", "sent back", "totals differ"],
)
def test_what_to_do_next_until_when_and_under_which_name(
    settings: Settings, changes: dict[str, Any], must_resend: bool
) -> None:
    path = write_receipt(settings, _received(), _judgement(**changes), CONTRACT)
    steps = [
        "zengshou template household_income_report",
        "海原县2024年第3季度脱贫户家庭收入情况表.xlsx",
        "household_income_report__640522__2024Q3.xlsx",
        "zengshou doctor",
        "期限：2024-10-15",
    ]
    text = _text_of(path)
    front = "\n".join(str(row[1]) for row in _cells(path, "回执"))
    for place in (text, front):
        assert [word for word in steps if word not in place] == []
        assert ("发现填错的，按以下步骤更正" in place) == (not must_resend)
        assert ("无需处理" in place) == (not must_resend)


def test_a_late_file_is_told_what_that_means(settings: Settings) -> None:
    late = _text_of(write_receipt(settings, _received(), _judgement(), CONTRACT))
    assert "收到时已过截止日：数据照常采用，报送情况记为“逾期”" in late
    on_time = _received(datetime(2024, 10, 15, 23))
    assert "已过截止日" not in _text_of(write_receipt(settings, on_time, _judgement(), CONTRACT))


def test_a_sheet_that_was_not_read_is_no_repair(settings: Settings) -> None:
    notice = Repair(
        "sheet.unmatched", "与本表无关的工作表未读取", "", 0, (("填报说明", 0, "", ""),)
    )
    text = _text_of(write_receipt(settings, _received(), _judgement(repairs=(notice,)), CONTRACT))
    assert "与本表无关的工作表未读取：[填报说明]" in text
    assert "无需处理" in text
    assert "已按规则自动修复" not in text


def test_a_duplicate_is_told_how_a_correction_would_be_sent(settings: Settings) -> None:
    original = _received()
    duplicate = Duplicate(
        f"{original.submission_id}__duplicate1",
        original,
        "海原县(1).xlsx",
        original.file_sha256,
        datetime(2024, 10, 19),
    )
    text = write_duplicate_receipt(settings, duplicate, original, CONTRACT).read_text("utf-8-sig")
    for words in ("重复报送", "无需处理", "选错了文件", "期限：2024-10-15", "zengshou doctor"):
        assert words in text
    assert "海原县2024年第3季度脱贫户家庭收入情况表.xlsx" in text


def test_a_rejection_says_why_how_and_that_the_old_version_stays(settings: Settings) -> None:
    rejection = Fault("", 0, "", "", "", "file.locked", "文件设有密码", "请去掉密码后重报")
    judgement = _judgement(
        outcome="rejected", rows_accepted=0, rejection=rejection, accepted_sha256=None
    )
    path = write_receipt(settings, _received(), judgement, CONTRACT)
    text = _text_of(path)
    for words in (
        "退回",
        "原因：文件设有密码。",
        "办法：请去掉密码后重报。",
        "已接收的版本（如有）继续有效",
    ):
        assert words in text
    assert _cells(path, "问题清单")[1][2] == "整表"


def test_repairs_and_control_totals_are_shown(settings: Settings) -> None:
    judgement = _judgement(
        repairs=(Repair("digits", "全角数字改为半角", "工资性收入", 7, (("S", 9, "１２", "12"),)),),
        control_totals=(
            ControlTotal(
                "S", 101, "合计", "工资性收入", Decimal("1100.00"), Decimal("1090.50"), False
            ),
            ControlTotal("S", 50, "小计", "工资性收入", Decimal("50.00"), Decimal("50.00"), True),
        ),
    )
    path = write_receipt(settings, _received(), judgement, CONTRACT)
    text = _text_of(path)
    assert "全角数字改为半角：7处（工资性收入）" in text
    assert "“１２”→“12”" in text
    assert "2项中有1项不符" in text
    assert "无需处理" not in text
    assert "填报1,100，明细之和1,090.5，相差9.5" in text
    assert _cells(path, "自动修复")[1][2:] == (7, "S", 9, "１２", "12")
    assert _cells(path, "合计核对")[1][4:] == (1100, 1090.5, 9.5, "不符")


def test_one_kind_of_repair_is_one_line_whatever_its_columns(settings: Settings) -> None:
    repairs = tuple(
        Repair("digits", "数字写法统一", f"第{number}列", 3, (("S", 9, "1,0", "10"),))
        for number in range(20)
    )
    text = _text_of(write_receipt(settings, _received(), _judgement(repairs=repairs), CONTRACT))
    assert "数字写法统一：60处（第0列、" in text
    assert text.count("例：") == 2


def test_formulas_are_neutralised(settings: Settings) -> None:
    attack = "=cmd|'/c calc'!A1"
    judgement = _judgement(outcome="accepted_with_quarantine", faults=(_fault(5, attack),))
    path = write_receipt(settings, _received(), judgement, CONTRACT)
    cell = openpyxl.load_workbook(path)["问题清单"]["E2"]
    assert (cell.data_type, cell.value) == ("s", f"'{attack}")


@pytest.mark.parametrize("text", ["=1+1", "+cmd", "@SUM(A1)", "-2+3", " =1", "\t=1", "＝1", "-@x"])
def test_what_starts_like_a_formula_is_quoted(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-12.50", "+86", "-1,200", "-", "海原县", "3-4", "12%", ""])
def test_numbers_and_words_stay_as_they_are(text: str) -> None:
    assert neutral(text) == text


def test_the_same_facts_give_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    other = Settings(home=tmp_path / "other")
    judgement = _judgement(outcome="accepted_with_quarantine", faults=(_fault(5),))
    first = write_receipt(settings, _received(), judgement, CONTRACT)
    second = write_receipt(other, _received(), judgement, CONTRACT)
    assert first.read_bytes() == second.read_bytes()
    assert first.with_suffix(".txt").read_bytes() == second.with_suffix(".txt").read_bytes()
    assert openpyxl.load_workbook(first).properties.created == datetime(2024, 10, 18, 9, 30)


def test_synthetic_data_says_so(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, is_synthetic=True)
    path = write_receipt(settings, _received(), _judgement(), CONTRACT)
    assert "模拟数据" in _text_of(path)
    assert any("模拟数据" in str(row[0]) for row in _cells(path, "回执"))


def test_an_unrecognised_file_with_a_long_name_is_answered(settings: Settings) -> None:
    name = "很长的文件名" * 30 + ".xlsx"
    unrecognised = Unrecognised(
        "unrecognised__x__1",
        name,
        "ab" * 32,
        datetime(2024, 10, 1),
        "r",
        "看不出季度",
        "请写明季度",
    )
    path = write_unrecognised_receipt(settings, unrecognised)
    assert path.parent == settings.receipts / "unrecognised"
    text = path.read_text("utf-8-sig")
    assert "原因：看不出季度。" in text
    assert "办法：请写明季度。" in text
    for words in ("文件名：请按“表名＋填报单位＋季度”", "zengshou doctor", "zengshou template"):
        assert words in text
    assert "未能识别的文件不算已报" in text
    assert name in text
