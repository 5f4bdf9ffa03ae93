import pytest

from orchestration.calendar import Quarter
from orchestration.receiving.periods import Period, periods_in, squeeze

Q3 = Quarter.of(2024, 3)


@pytest.mark.parametrize(
    "text",
    [
        "2024Q3",
        "2024-q3",
        "2024年Q3",
        "2024年三季度",
        "2024年第三季度",
        "2024年第3季度",
        "2024年度第3季度",
        "2024年_第三季度",
        "２０２４年第３季度",
        "2024 年 第 三 季度",
        "2024第3季度",
        "24年3季度",
        "2024年7-9月",
        "2024年7月-9月",
        "2024年07—09月",
        "2024年7月至9月",
        "2024.7-2024.9",
        "202407-202409",
        "附件2 2024年三季度",
        "附件2：2024年三季度",
        "2024年三季度20241008",
    ],
)
def test_one_quarter(text: str) -> None:
    assert periods_in(squeeze(text)) == {Period(Q3)}


@pytest.mark.parametrize(
    "text",
    [
        "2024年1-9月",
        "2024年1月至9月",
        "2024年前三季度",
        "2024年1-3季度",
        "2023年10月-2024年9月",
        "2023年10月至2024年9月",
    ],
)
def test_a_running_total_ends_in_its_quarter(text: str) -> None:
    assert periods_in(squeeze(text)) == {Period(Q3, is_cumulative=True)}


def test_half_a_year_is_a_running_total() -> None:
    assert periods_in("2024年上半年") == {Period(Quarter.of(2024, 2), is_cumulative=True)}


def test_the_first_quarter_is_no_running_total() -> None:
    assert periods_in("2024年1-3月") == {Period(Quarter.of(2024, 1))}


@pytest.mark.parametrize(
    "text",
    [
        "2024年10月8日",
        "20241008",
        "2024-10-08",
        "2024.10.8",
        "2024年",
        "2024年9月",
        "第三季度",
        "报送版3",
    ],
)
def test_dates_years_and_versions_name_no_quarter(text: str) -> None:
    assert periods_in(squeeze(text)) == set()


@pytest.mark.parametrize("text", ["2024年1-8月", "2024年8-9月", "2023年7月-2024年9月"])
def test_other_ranges_of_months_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="月"):
        periods_in(squeeze(text))


def test_all_quarters_are_found() -> None:
    found = periods_in("2024年第三季度较2023年第三季度")
    assert found == {Period(Q3), Period(Quarter.of(2023, 3))}
