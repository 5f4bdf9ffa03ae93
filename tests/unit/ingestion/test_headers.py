"""Headers: taking texts apart, and finding the header in a sheet."""

import pytest

from orchestration.contracts import Contract, load_contracts
from orchestration.ingestion.headers import Header, HeaderIndex, find_layouts, normalise
from orchestration.ingestion.tables import RawTable

CONTRACTS = load_contracts()
DIBAO = CONTRACTS["dibao_payments"]
HEADERS = [column.header for column in DIBAO.columns]


@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_no_two_columns_of_a_contract_look_the_same(contract: Contract) -> None:
    owner: dict[str, str] = {}
    for column in contract.columns:
        for header in column.headers:
            name = normalise(header).name
            assert owner.setdefault(name, column.name) == column.name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一、工资性收入（万元）", Header("工资性收入", "万元")),
        ("（二）生产经营性收入", Header("生产经营性收入", None)),
        ("县（市、区）", Header("县市区", None)),
        ("乡（镇）", Header("乡镇", None)),
        ("户主\n姓 名", Header("户主姓名", None)),
        ("*户编号", Header("户编号", None)),
        ("耕地面积/公顷", Header("耕地面积", "公顷")),
        ("金额：元", Header("金额", "元")),
        ("人均纯收入(元/人)", Header("人均纯收入", "元")),
        ("务工月收入（元/月）", Header("务工月收入", "元")),
        ("工资性收入（元/月）", Header("工资性收入", "元/月")),
        ("其中：低收入户分红", Header("低收入户分红", None)),
        ("其他财产性收入（旧指标）", Header("其他财产性收入旧指标", None)),
    ],
)
def test_a_header_is_a_name_and_perhaps_a_unit(text: str, expected: Header) -> None:
    assert normalise(text) == expected


def test_the_header_is_found_below_any_title() -> None:
    rows = [["低保金发放明细表"], [], ["填报单位：民政厅", "", "单位：元"], HEADERS, ["海原县"]]
    (layout,) = find_layouts(RawTable("Sheet1", rows), HeaderIndex.of(DIBAO))
    assert (layout.first_row, layout.body_row) == (3, 4)
    assert {name: place.index for name, place in layout.places.items()} == {
        column.name: index for index, column in enumerate(DIBAO.columns)
    }
    assert layout.titles == ("低保金发放明细表", "填报单位:民政厅", "单位:元")


def test_a_sheet_about_something_else_has_no_header() -> None:
    rows = [["姓名", "电话", "地址"], ["马某", "0955", "海原县"]]
    assert find_layouts(RawTable("Sheet1", rows), HeaderIndex.of(DIBAO)) == []


def test_missing_required_columns_are_named() -> None:
    rows = [[header for header in HEADERS if header != "发放金额"]]
    (layout,) = find_layouts(RawTable("Sheet1", rows), HeaderIndex.of(DIBAO))
    assert [column.header for column in layout.missing] == ["发放金额"]
