from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.calendar import Quarter
from orchestration.contracts import load_contracts
from orchestration.receiving.recognition import NotRecognisedError, Recogniser
from orchestration.receiving.senders import load_senders
from orchestration.receiving.submission import proper_names
from orchestration.settings import PROJECT_ROOT

CONTRACTS = load_contracts()
SENDERS = load_senders(PROJECT_ROOT / "seeds")
RECOGNISER = Recogniser(CONTRACTS, SENDERS)
TODAY = date(2024, 10, 9)


@dataclass(frozen=True)
class Sheet:
    rows: Sequence[Sequence[object]]
    is_hidden: bool = field(default=False)


def _untouched() -> list[Sheet]:
    raise AssertionError("the content was read although the name says everything")


def _place(name: str) -> tuple[str, str, str]:
    found = RECOGNISER.recognise(name, TODAY, [], _untouched)
    return found.contract.dataset, found.sender, found.quarter.label


@pytest.mark.parametrize("dataset", CONTRACTS)
def test_the_names_that_receipts_and_forms_give_leave_nothing_open(dataset: str) -> None:
    contract = CONTRACTS[dataset]
    sender = "640422" if contract.is_taken_from_counties else contract.senders[0]
    for name in proper_names(contract, sender, Quarter.of(2024, 2), SENDERS):
        assert _place(name) == (dataset, sender, "2024Q2"), name


def _refusal(name: str, *rows: Sequence[object], folders: Sequence[str] = ()) -> NotRecognisedError:
    with pytest.raises(NotRecognisedError) as caught:
        RECOGNISER.recognise(name, TODAY, folders, lambda: [Sheet(rows)])
    return caught.value


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("household_income_report__640522__2024Q3.xlsx", ("household_income_report", "640522")),
        ("household_income_report__640522__2024Q3 (1).xlsx", ("household_income_report", "640522")),
        (
            "household_income_report__海原县__2024年第3季度.xls",
            ("household_income_report", "640522"),
        ),
        ("household_roster__640522__2024Q3（更正）.xls", ("household_roster", "640522")),
        ("household_roster__640522__2024Q3 - 副本 (2).xls", ("household_roster", "640522")),
        ("household_roster__640522__2024Q3__v2.xlsx", ("household_roster", "640522")),
        ("deaths__civil_affairs__2024-07-01.parquet", ("deaths", "civil_affairs")),
        ("deaths__自治区民政厅__2024Q3.csv", ("deaths", "civil_affairs")),
        (
            "附件2：海原县2024年第三季度家庭收入情况表（最终版）(1)(修改).xlsx",
            ("household_income_report", "640522"),
        ),
        ("【海原】2024年7-9月户收入台账 报送版3.xls", ("household_income_report", "640522")),
        ("640522 2024Q3 脱贫户家庭收入情况表.xlsx", ("household_income_report", "640522")),
        ("海原县2024年前三季度家庭收入情况(报送版3).xlsx", ("household_income_report", "640522")),
        ("海原县农业农村局_户信息表_2024年三季度.xlsx", ("household_roster", "640522")),
        ("海原县2024年3季度脱贫户和监测对象户信息表.xlsx", ("household_roster", "640522")),
        ("惠农补贴发放明细2024年3季度.csv", ("one_card_payments", "finance")),
        ('惠民惠农财政补贴"一卡通"发放明细表2024Q3.csv', ("one_card_payments", "finance")),
        ("惠农区2024年三季度户花名册.xlsx", ("household_roster", "640205")),
        ("收入抽样调查结果2024Q3（督查反馈后修改）.xlsx", ("income_survey", "statistics")),
    ],
)
def test_names_that_say_everything(name: str, place: tuple[str, str]) -> None:
    assert _place(name) == (*place, "2024Q3")


@given(
    contract=st.sampled_from(sorted(CONTRACTS)),
    title=st.integers(0, 10),
    county=st.sampled_from(sorted(SENDERS.counties)),
    county_form=st.sampled_from(["{name}", "{short}", "{prefecture}{name}", "{code}"]),
    quarter=st.sampled_from(["2024Q2", "2023Q4", "2024Q3"]),
    quarter_form=st.sampled_from(["{label}", "{y}年第{n}季度", "{y}年{zh}季度", "{y}年{a}-{b}月"]),
    order=st.permutations(range(3)),
    front=st.sampled_from(["", "附件3：", "附件 1 ", "（报）", "1. "]),
    back=st.sampled_from(["", "（最终版）", "(1)", "(修改) (2)", " 20241008", " - 副本", "版3"]),
    gap=st.sampled_from([" ", "_", "-", "－"]),
)
def test_any_usual_decoration(
    contract: str,
    title: int,
    county: str,
    county_form: str,
    quarter: str,
    quarter_form: str,
    order: list[int],
    front: str,
    back: str,
    gap: str,
) -> None:
    chosen, due = CONTRACTS[contract], Quarter.parse(quarter)
    name = SENDERS.counties[county]
    sender = county_form.format(name=name, short=name[:-1], prefecture="宁夏", code=county)
    if not chosen.is_sent_by_counties:
        county, sender = chosen.senders[0], SENDERS.departments[chosen.senders[0]]
    month = due.start.month
    when = quarter_form.format(
        label=due.label,
        y=due.start.year,
        n=due.number,
        zh="一二三四"[due.number - 1],
        a=month,
        b=month + 2,
    )
    parts = [sender, when, chosen.file_titles[title % len(chosen.file_titles)]]
    file_name = front + gap.join(parts[index] for index in order) + back + ".xlsx"
    assert _place(file_name) == (contract, county, quarter)


@pytest.mark.parametrize(
    ("name", "rule", "words"),
    [
        ("houshold_roster__640522__2024Q3.xlsx", "dataset_unknown", "household_roster"),
        ("household_roster__640999__2024Q3.xlsx", "sender_unknown", "640999"),
        ("household_roster__640522__2024.xlsx", "quarter_unknown", "名称看不出季度"),
        ("household_income_report__finance__2024Q3.xlsx", "sender_not_allowed", "自治区财政厅"),
        ("民政厅_惠农补贴发放明细_2024Q3.csv", "sender_not_allowed", "自治区民政厅"),
        ("海原县民政局2024年3季度低保金发放明细表.xlsx", "sender_not_allowed", "海原县"),
        ("海原县同心县2024年3季度户信息表.xlsx", "sender_ambiguous", "同心县、海原县"),
        ("海原县2024年3季度户信息表、人口信息表.xlsx", "dataset_ambiguous", "人口信息表"),
        ("海原县2024年二季度、三季度户信息表.xlsx", "quarter_ambiguous", "第3季度"),
        ("海原县2023年四季度2024年三季度户信息表.xlsx", "quarter_ambiguous", "2023年第4季度"),
        ("海原县2029年二季度户信息表.xlsx", "quarter_not_begun", "尚未开始"),
        ("海原县2021年二季度户信息表.xlsx", "quarter_out_of_range", "2022年第4季度"),
        ("海原县2024年1-8月户信息表.xlsx", "quarter_unknown", "1-8月"),
        ("一卡通发放明细表2024年1-9月.csv", "period_is_cumulative", "累计"),
        ("新建 Microsoft Excel 工作表.xlsx", "dataset_unknown", "表名"),
        ("2024年三季度户信息表.xlsx", "sender_unknown", "填报县"),
        ("中卫市2024年三季度户信息表.xlsx", "sender_unknown", "填报县"),
        ("海原县户信息表.xlsx", "quarter_unknown", "季度"),
    ],
)
def test_what_is_not_beyond_doubt_is_refused(name: str, rule: str, words: str) -> None:
    refusal = _refusal(name)
    assert refusal.rule == f"name.{rule}"
    assert words in refusal.reason_zh
    assert refusal.remedy_zh


TITLE = ["海原县2024年第三季度脱贫户家庭收入情况表", None, None]
REPORTER = ["填报单位：海原县乡村振兴局", "填报时间：2024年10月8日", "单位：元"]
HEADER = ["户编号", "户主姓名", "乡镇", "村", "工资性收入", "同心县2023年四季度户信息表"]


def test_the_title_rows_fill_in_what_the_name_leaves_open() -> None:
    sheets = [
        Sheet([["同心县2024年二季度户信息表"]], is_hidden=True),
        Sheet([TITLE, REPORTER, HEADER]),
    ]
    for name in ("新建工作表.xlsx", "海原.xlsx", "收入2024Q3.xls", "家庭收入情况表.csv"):
        found = RECOGNISER.recognise(name, TODAY, [], lambda: sheets)
        assert found.contract.dataset == "household_income_report"
        assert (found.sender, found.quarter) == ("640522", Quarter.of(2024, 3))


def test_the_folder_fills_in_county_and_quarter() -> None:
    found = RECOGNISER.recognise("户信息表.xlsx", TODAY, ["海原县2024年三季度报表"], lambda: [])
    assert (found.sender, found.quarter) == ("640522", Quarter.of(2024, 3))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("同心县家庭收入情况表.xlsx", ["同心县", "海原县"]),
        ("2023年四季度家庭收入情况表.xlsx", ["2023年第4季度", "2024年第3季度"]),
        ("2024年三季度户信息表.xlsx", ["户信息表", "家庭收入情况表"]),
    ],
)
def test_a_name_against_its_content_is_never_guessed(name: str, words: list[str]) -> None:
    refusal = _refusal(name, TITLE, REPORTER, HEADER)
    assert refusal.rule == "name.contradicts_content"
    assert "名称与内容不一致" in refusal.reason_zh
    assert all(word in refusal.reason_zh for word in words)


def test_a_quarter_without_a_year_must_fit_the_title() -> None:
    assert _refusal("海原县二季度户收入台账.xlsx", TITLE).rule == "name.quarter_ambiguous"
