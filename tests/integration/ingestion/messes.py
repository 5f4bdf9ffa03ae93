"""The messes in which real submissions arrive, each as a file made by code and what becomes of it.

A mess starts from a clean table of six households (or persons, payments) and spoils one thing.
Unless it says otherwise, its accepted rows must equal those of the clean table.
"""

from __future__ import annotations

import csv
import hashlib
import html
import io
import re
import struct
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
from biff import xls
from openpyxl.worksheet.worksheet import Worksheet

from orchestration.calendar import Quarter
from orchestration.contracts import load_contracts
from orchestration.ingestion.identity_numbers import check_digit
from orchestration.receiving.submission import Received, submission_id

CONTRACTS = load_contracts()
COUNTY, COUNTY_CODE = "海原县", "640522"
TITLE = "海原县2024年第三季度脱贫户家庭收入情况表"
PLACES = [
    ("李旺镇", "李果园村", "640522101200"),
    ("李旺镇", "李果园村", "640522101200"),
    ("李旺镇", "马莲村", "640522101205"),
    ("三河镇", None, None),
    ("三河镇", None, None),
    ("三河镇", None, None),
]
Row = dict[str, Any]
Rows = list[Row]


def _number(birthday: str, sequence: int) -> str:
    first_17 = f"990000{birthday}{sequence:03d}"
    return first_17 + check_digit(first_17)


IDS = [_number(f"19{60 + i}0{1 + i}15", 120 + i) for i in range(6)]
# An X at the end exists and is needed: its lower case is one of the messes.
IDS[2] = next(n for s in range(300) if (n := _number("19620315", s)).endswith("X"))
NAMES = ["马成功", "王秀兰", "李国强", "张海燕", "杨生林", "田桂花"]


def _villages(township: str) -> list[tuple[str, str]]:
    seeds = Path(__file__).parents[3] / "seeds" / "villages.csv"
    with seeds.open(encoding="utf-8") as handle:
        return [
            (row["village_name"], row["village_code"])
            for row in csv.DictReader(handle)
            if row["county_code"] == COUNTY_CODE and row["township_name"] == township
            if row["village_name"].endswith("村委会")
        ]


_THIRD = _villages("三河镇")
for _i in range(3):
    _name, _code = _THIRD[_i // 2]
    PLACES[3 + _i] = ("三河镇", _name.removesuffix("委会"), _code)


def income_rows() -> Rows:
    """Six households whose sums hold."""
    rows = []
    for i, (township, village, _) in enumerate(PLACES):
        row: Row = {
            "county_code": COUNTY,
            "township_name": township,
            "village_code": village,
            "household_key": f"6405221000{i:02d}",
            "head_name": NAMES[i],
            "head_person_key": IDS[i],
            "household_size": 2 + i % 3,
            "collector_id": f"C{i // 2:03d}",
            "is_signed_by_farmer": "是",
            "signed_on": "2024-10-08",
            "last_edited_at": "2024-10-09 10:30:00",
        }
        amounts = {
            column.name: 0
            for column in CONTRACTS["household_income_report"].columns
            if column.kind == "decimal"
        }
        amounts |= {
            "wage_migrant": 24000 + 1000 * i,
            "wage_casual": 1200.5,
            "business_planting": 3000 + 100 * i,
            "transfer_dibao": 600,
            "production_cost": 800,
        }
        row |= amounts
        _state_totals(row)
        rows.append(row)
    return rows


def _state_totals(row: Row) -> None:
    total = Decimal(0)
    for component in ("wage", "business", "property", "transfer"):
        parts = [
            Decimal(str(value))
            for name, value in row.items()
            if name.startswith(f"{component}_") and name != f"{component}_income"
        ]
        row[f"{component}_income"] = float(sum(parts))
        total += sum(parts)
    net = total - Decimal(str(row["production_cost"])) + Decimal(str(row["cost_subsidy"]))
    row["total_income"], row["net_income"] = float(total), float(net)
    row["per_capita_net_income"] = float(round(net / row["household_size"], 2))


def person_rows() -> Rows:
    """Six persons of three households."""
    return [
        {
            "county_code": COUNTY,
            "township_name": township,
            "village_code": village,
            "household_key": f"6405221000{i // 2:02d}",
            "person_key": IDS[i],
            "person_name": NAMES[i],
            "relation_to_head": "户主" if i % 2 == 0 else "配偶",
            "sex": "男" if i % 2 == 0 else "女",
            "birth_month": f"19{60 + i}-0{1 + i}",
            "health_status": "健康",
            "labour_ability": "普通劳动力",
            "is_student": "否",
        }
        for i, (township, village, _) in enumerate(PLACES)
    ]


def dibao_rows() -> Rows:
    """Six payments of one month."""
    return [
        {
            "county_code": COUNTY,
            "household_key": f"6405221000{i:02d}",
            "person_key": IDS[i],
            "person_name": NAMES[i],
            "relief_kind": "农村低保",
            "pay_month": "2024-08",
            "amount": 300 + i,
            "paid_on": "2024-08-15",
        }
        for i in range(6)
    ]


ROWS: dict[str, Callable[[], Rows]] = {
    "household_income_report": income_rows,
    "person_roster": person_rows,
    "dibao_payments": dibao_rows,
}


def header(dataset: str, *without: str) -> dict[str, str]:
    """Column name → header text of a clean table; columns nobody fills are left out."""
    filled = ROWS[dataset]()[0].keys()
    columns = CONTRACTS[dataset].columns
    return {c.name: c.header for c in columns if c.name in filled and c.name not in without}


Grid = list[list[Any]]


def grid(dataset: str, rows: Rows, headers: dict[str, str] | None = None) -> Grid:
    """Lay rows out under their headers."""
    headers = headers or header(dataset)
    return [list(headers.values()), *([row.get(name, "") for name in headers] for row in rows)]


def xlsx(file: Path, *sheets: tuple[str, Grid], after: Callable[[Any], None] | None = None) -> Path:
    """Write a workbook with one sheet per grid."""
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for name, cells in sheets:
        sheet = workbook.create_sheet(name)
        for row in cells:
            sheet.append(["" if cell is None else cell for cell in row])
    if after:
        after(workbook)
    workbook.save(file)
    return file


def text(file: Path, cells: Grid, encoding: str, separator: str = ",") -> Path:
    """Write a delimited text file."""
    buffer = io.StringIO()
    csv.writer(buffer, delimiter=separator).writerows(cells)
    file.write_bytes(buffer.getvalue().encode(encoding))
    return file


@dataclass(frozen=True)
class Mess:
    """One spoilt file and what must become of it.

    ``faults`` are (row, header, rule); the rows they name are quarantined, all others accepted.
    ``dropped`` are the clean rows that do not come through, where that differs from the faults.
    ``repairs`` are counts by rule, notices count 0. ``values`` overrides what the clean table says.
    """

    name: str
    build: Callable[[Path], Path]
    dataset: str = "household_income_report"
    suffix: str = ".xlsx"
    repairs: dict[str, int] = field(default_factory=dict)
    faults: list[tuple[int, str, str]] = field(default_factory=list)
    rejection: str | None = None
    says: str = ""
    values: dict[tuple[int, str], Any] = field(default_factory=dict)
    rows: int = 6
    is_comparable: bool = True
    dropped: list[int] | None = None
    totals: list[bool] | None = None

    @property
    def file_name(self) -> str:
        """The name under which it is sent."""
        return f"{self.dataset}__{self.name}{self.suffix}"


QUARTER = Quarter.of(2024, 3)
SENDERS = {"dibao_payments": "civil_affairs"}


def received_of(file: Path, dataset: str, version: int = 1) -> Received:
    """What the ledger would say of a file."""
    sender = SENDERS.get(dataset, COUNTY_CODE)
    return Received(
        submission_id=submission_id(dataset, sender, QUARTER, version),
        dataset=dataset,
        sender=sender,
        quarter=QUARTER,
        version=version,
        file_name=file.name,
        file_sha256=hashlib.sha256(file.read_bytes()).hexdigest(),
        received_at=datetime(2024, 10, 12, 9, 30),
        is_on_time=True,
    )


MESSES: list[Mess] = []


def mess(name: str, **expected: Any) -> Callable[[Callable[[Path], Path]], Callable[[Path], Path]]:
    """Enter a builder into the list of messes."""

    def enter(build: Callable[[Path], Path]) -> Callable[[Path], Path]:
        MESSES.append(Mess(name, build, **expected))
        return build

    return enter


INCOME = "household_income_report"
PERSONS = "person_roster"
DIBAO = "dibao_payments"
MAY = date(2024, 5, 1)


def _income(**changes: Any) -> Grid:
    """The clean income grid with ``{column}_{row}`` cells replaced and sums left as they are."""
    return _changed(INCOME, changes)


def _changed(dataset: str, changes: dict[str, Any]) -> Grid:
    rows = ROWS[dataset]()
    for place, value in changes.items():
        name, _, row = place.rpartition("_")
        assert name in header(dataset), name
        rows[int(row)][name] = value
    return grid(dataset, rows)


# --- titles, headers, notes -------------------------------------------------------------------


@mess("title_rows_notes_and_signatures")
def _(file: Path) -> Path:
    top = [[TITLE], ["填报单位：海原县农业农村局", "", "填报时间：2024年10月12日", "", "单位：元"]]
    bottom = [
        ["注：1.本表由乡镇填报。"],
        ["2.收入按收入年度累计。"],
        ["制表人：马某", "", "审核人：王某", "", "联系电话：0955-4010000"],
    ]
    return xlsx(file, ("Sheet1", [*top, *_income(), *bottom]))


GROUPS = {
    "wage_": "工资性收入",
    "business_": "生产经营性收入",
    "property_": "财产性收入",
    "transfer_": "转移性收入",
}


@mess("two_level_merged_header")
def _(file: Path) -> Path:
    headers = header(INCOME)
    parents, children = [], []
    for name, label in headers.items():
        group = next((g for prefix, g in GROUPS.items() if name.startswith(prefix)), None)
        parents.append(group or label)
        children.append(("小计" if label == group else label) if group else "")
    cells = grid(INCOME, income_rows())
    shown = [p if i == 0 or p != parents[i - 1] else "" for i, p in enumerate(parents)]

    def merge(workbook: Any) -> None:
        sheet = workbook.active
        sheet.merge_cells("A1:F1")
        for i, parent in enumerate(parents):
            if children[i] == "":
                sheet.merge_cells(start_row=2, end_row=3, start_column=i + 1, end_column=i + 1)
            elif shown[i]:
                last = max(j for j, other in enumerate(parents) if other == parent)
                sheet.merge_cells(start_row=2, end_row=2, start_column=i + 1, end_column=last + 1)

    return xlsx(file, ("表", [[TITLE], shown, children, *cells[1:]]), after=merge)


@mess("two_level_header_in_text", suffix=".csv")
def _(file: Path) -> Path:
    cells = grid(INCOME, income_rows())
    names = list(header(INCOME))
    parents = ["工资性收入" if name == "wage_migrant" else "" for name in names]
    children = [{"wage_income": "小计"}.get(n, h) for n, h in zip(names, cells[0], strict=True)]
    return text(file, [parents, children, *cells[1:]], "utf-8-sig")


@mess("numbered_columns_below_header")
def _(file: Path) -> Path:
    cells = _income()
    cells.insert(1, ["甲", "乙", "丙", *range(1, len(cells[0]) - 2)])
    return xlsx(file, ("Sheet1", cells))


@mess(
    "reordered_renamed_and_broken_headers",
    repairs={"header.unknown_column": 0},
)
def _(file: Path) -> Path:
    headers = header(INCOME) | {
        "transfer_dibao": "低保金",
        "transfer_destitute": "五保金",
        "head_name": "户主\n姓 名",
        "county_code": " 县 区 ",
        "household_key": "＊户编号",
        "wage_income": "一、工资性收入（元）",
        "total_income": "年收入",
    }
    headers = dict(reversed(headers.items()))
    cells = grid(INCOME, income_rows(), headers)
    for row in cells:
        row.append("备注" if row is cells[0] else "")
        row.append("户联系电话" if row is cells[0] else "13800000000")
    return xlsx(file, ("Sheet1", cells))


@mess("missing_required_columns", rejection="header.missing_columns", says="外出务工收入", rows=0)
def _(file: Path) -> Path:
    headers = header(INCOME, "wage_migrant", "transfer_pension")
    return xlsx(file, ("Sheet1", grid(INCOME, income_rows(), headers)))


@mess("duplicate_header_same_content", repairs={"header.duplicate_column": 0})
def _(file: Path) -> Path:
    cells = [[*row, row[7]] for row in _income()]
    return xlsx(file, ("Sheet1", cells))


@mess("duplicate_header_other_content", rejection="header.duplicate", says="外出务工收入", rows=0)
def _(file: Path) -> Path:
    cells = [[*row, row[7] if i != 3 else 1] for i, row in enumerate(_income())]
    return xlsx(file, ("Sheet1", cells))


@mess("repeated_header_in_body", repairs={"rows.repeated_header": 1})
def _(file: Path) -> Path:
    cells = _income()
    cells.insert(4, cells[0])
    return xlsx(file, ("Sheet1", cells))


@mess("side_by_side", dataset=DIBAO)
def _(file: Path) -> Path:
    cells = grid(DIBAO, dibao_rows())
    left, right = cells[:4], [cells[0], *cells[4:], [""] * len(cells[0])]
    return xlsx(file, ("Sheet1", [[*a, "", *b] for a, b in zip(left, right, strict=False)]))


@mess("second_table_below_in_other_order", dataset=DIBAO)
def _(file: Path) -> Path:
    rows = dibao_rows()
    other = dict(reversed(header(DIBAO).items()))
    cells = [*grid(DIBAO, rows[:3]), [], ["第二部分"], *grid(DIBAO, rows[3:], other)]
    return xlsx(file, ("Sheet1", cells))


# --- units ------------------------------------------------------------------------------------


def _in_ten_thousands(rows: Rows, names: set[str]) -> Rows:
    for row in rows:
        for name in names:
            row[name] = float(Decimal(str(row[name])) / 10000)
    return rows


WITHOUT_UNIT = {
    "total_income": "年收入",
    "net_income": "纯收入",
    "per_capita_net_income": "人均纯收入",
}
MONEY = {c.name for c in CONTRACTS[INCOME].columns if c.unit == "元"}


@mess("unit_in_title", repairs={"unit.converted": 6 * len(MONEY)})
def _(file: Path) -> Path:
    rows = _in_ten_thousands(income_rows(), MONEY)
    cells = grid(INCOME, rows, header(INCOME) | WITHOUT_UNIT)
    return xlsx(file, ("Sheet1", [[TITLE], ["填报单位：海原县 单位：万元"], *cells]))


@mess("unit_in_one_header_beats_the_sheet", repairs={"unit.converted": 6 * len(MONEY) - 6})
def _(file: Path) -> Path:
    rows = _in_ten_thousands(income_rows(), MONEY - {"wage_migrant"})
    headers = header(INCOME) | WITHOUT_UNIT | {"wage_migrant": "外出务工收入（元）"}
    return xlsx(file, ("Sheet1", [[TITLE], ["单位：万元"], *grid(INCOME, rows, headers)]))


@mess("unit_that_cannot_be_converted", rejection="unit.unknown", says="公顷", rows=0)
def _(file: Path) -> Path:
    headers = header(INCOME) | {"wage_migrant": "外出务工收入（公顷）"}
    return xlsx(file, ("Sheet1", grid(INCOME, income_rows(), headers)))


@mess("ten_thousands_without_a_unit", rejection="unit.suspected", says="万元", rows=0)
def _(file: Path) -> Path:
    rows = _in_ten_thousands(income_rows(), MONEY)
    return xlsx(file, ("Sheet1", grid(INCOME, rows, header(INCOME) | WITHOUT_UNIT)))


# --- rows: totals, merged cells, blanks -------------------------------------------------------


def _total(label: str, rows: Rows, **changes: Any) -> list[Any]:
    names = list(header(INCOME))
    result: list[Any] = [""] * len(names)
    result[0] = label
    for i, name in enumerate(names):
        if CONTRACTS[INCOME].column(name).is_control_total:
            figures = (Decimal(str(row[name])) for row in rows)
            result[i] = changes.get(name, float(sum(figures)))
    return result


CONTROLLED = sum(CONTRACTS[INCOME].column(n).is_control_total for n in header(INCOME))


@mess("totals_at_every_level", totals=[True] * (3 * CONTROLLED))
def _(file: Path) -> Path:
    rows, cells = income_rows(), _income()
    body = [
        *cells[1:4],
        _total("李旺镇小计", rows[:3]),
        *cells[4:],
        _total("三河镇小计", rows[3:]),
        _total("合 计", rows),
    ]
    return xlsx(file, ("Sheet1", [cells[0], *body]))


@mess(
    "total_on_top_off_by_rounding",
    totals=[True] * CONTROLLED,
    values={(i, "wage_casual"): Decimal("1200.45") for i in range(6)},
)
def _(file: Path) -> Path:
    rows, cells = income_rows(), _income()
    for row in rows:
        row["wage_casual"] = 1200.45
    total = _total("总计", rows, wage_casual=7203)
    for row in cells[1:]:
        row[list(header(INCOME)).index("wage_casual")] = 1200.45
    return xlsx(file, ("Sheet1", [cells[0], total, *cells[1:]]))


@mess("total_that_does_not_match", totals=[True] * (CONTROLLED - 1) + [False])
def _(file: Path) -> Path:
    rows, cells = income_rows(), _income()
    return xlsx(file, ("Sheet1", [*cells, _total("合计", rows, net_income=1)]))


@mess("villages_merged_downwards", repairs={"rows.filled": 9})
def _(file: Path) -> Path:
    cells = _income()

    def merge(workbook: Any) -> None:
        for area in ("A2:A7", "B2:B4", "B5:B7"):
            workbook.active.merge_cells(area)

    return xlsx(file, ("Sheet1", cells), after=merge)


@mess("township_written_once", suffix=".csv", repairs={"rows.filled": 5})
def _(file: Path) -> Path:
    cells = _income(township_name_1="", township_name_2="", village_code_1="",
                    township_name_4="", township_name_5="")  # fmt: skip
    return text(file, cells, "utf-8")


@mess(
    "not_filled_across_a_subtotal",
    suffix=".csv",
    faults=[(6, "乡镇", "required.missing"), (6, "行政村", "required.missing")],
    totals=[True] * CONTROLLED,
    dropped=[3],
)
def _(file: Path) -> Path:
    rows = income_rows()
    cells = _income(township_name_3="", village_code_3="")
    return text(file, [*cells[:4], _total("小计", rows[:3]), *cells[4:]], "utf-8")


@mess("blank_rows_and_pre_numbered_rows")
def _(file: Path) -> Path:
    cells = [["序号", *_income()[0]], *([i + 1, *row] for i, row in enumerate(_income()[1:]))]
    cells.insert(3, [""] * len(cells[0]))
    cells += [[7], [8]]
    return xlsx(file, ("Sheet1", cells))


@mess("stray_line", faults=[(5, "", "row.stray")], dropped=[])
def _(file: Path) -> Path:
    cells = _income()
    cells.insert(4, [COUNTY, "以下为三河镇"])
    return xlsx(file, ("Sheet1", cells))


@mess("identical_duplicate_rows", repairs={"rows.duplicate": 1})
def _(file: Path) -> Path:
    cells = _income()
    return xlsx(file, ("Sheet1", [*cells, cells[2]]))


@mess(
    "same_key_other_content",
    faults=[(3, "户编号", "key.conflict"), (8, "户编号", "key.conflict")],
    says="第 8 行",
    rows=11,
    is_comparable=False,
)
def _(file: Path) -> Path:
    cells = _income()
    other = list(cells[2])
    other[list(header(INCOME)).index("collector_id")] = "C999"
    cells += [other]
    # Enough sound rows that two refused ones do not send the file back.
    return xlsx(file, ("Sheet1", [*cells, *_more_households(6)]))


def _more_households(count: int) -> Grid:
    rows = []
    for i in range(count):
        row = income_rows()[i % 6] | {"household_key": f"6405229000{i:02d}"}
        rows.append(row)
    return grid(INCOME, rows)[1:]


# --- numbers and nulls ------------------------------------------------------------------------


@mess(
    "numbers_as_people_write_them",
    repairs={"number.spelling": 6, "number.wan": 1},
)
def _(file: Path) -> Path:
    return xlsx(
        file,
        (
            "Sheet1",
            _income(
                wage_migrant_0="２４０００",
                wage_migrant_1="25,000",
                wage_migrant_2="2.6万",
                wage_migrant_3="27，000.00",
                wage_migrant_4="28000元",
                wage_migrant_5=" 29 000\u00a0",
                wage_casual_0="1200.50 ",
                wage_casual_1="¥1200.5",
                transfer_dibao_1="600",
            ),
        ),
    )


@mess("float_noise_and_surplus_decimals", repairs={"number.rounded": 1},
      values={(1, "transfer_dibao"): Decimal("600.13")})  # fmt: skip
def _(file: Path) -> Path:
    return xlsx(
        file,
        ("Sheet1", _income(wage_casual_0=1200.5000000001, transfer_dibao_1=600.125)),
    )


@mess(
    "negative_in_brackets",
    repairs={"number.spelling": 2},
    values={
        (0, name): Decimal(value)
        for name, value in {
            **dict.fromkeys(
                ("wage_migrant", "wage_casual", "business_planting", "transfer_dibao"), 0
            ),
            **dict.fromkeys(
                ("wage_income", "business_income", "transfer_income", "total_income"), 0
            ),
            "net_income": -800,
            "per_capita_net_income": -400,
        }.items()
    },
)
def _(file: Path) -> Path:
    rows = income_rows()
    for name in ("wage_migrant", "wage_casual", "business_planting", "transfer_dibao"):
        rows[0][name] = 0
    _state_totals(rows[0])
    rows[0] |= {"net_income": "(800.00)", "per_capita_net_income": "（400）"}
    return xlsx(file, ("Sheet1", grid(INCOME, rows)))


for _value, _rule in {
    "约2000": "number.approximate",
    "2000左右": "number.approximate",
    "3000-4000": "number.interval",
    "2.5%": "number.percent",
    "2.4E+4": "number.scientific",
    "二万四": "number.invalid",
    "30亩": "number.unit",
    "1,2": "number.invalid",
    -5: "range.minimum",
    6000000: "range.maximum",
    "": "required.missing",
    "无": "required.missing",
    "#REF!": "formula.error",
    "=A1+B1 ": "formula.uncalculated",
}.items():
    MESSES.append(
        Mess(
            f"number_{_rule.replace('.', '_')}_{len(MESSES)}",
            lambda file, value=_value: text(  # type: ignore[misc]
                file, _income(wage_migrant_1=value), "gb18030"
            ),
            suffix=".csv",
            faults=[(3, "外出务工收入", _rule)],
            says="外出务工收入",
        )
    )


NULLS = ["", "—", "－", "-", "/", "\\", "无", "暂无", "不详", "N/A", "null", " \u00a0 "]


@mess(
    "nulls_of_every_spelling_in_optional_cells",
    suffix=".csv",
    repairs={"null.spelling": 10},
    rows=12,
    is_comparable=False,
    values={(i, "cost_subsidy"): None for i in range(12)},
)
def _(file: Path) -> Path:
    rows = [*income_rows(), *income_rows()]
    for i, (row, null) in enumerate(zip(rows, NULLS, strict=True)):
        row |= {"household_key": f"6405221000{i:02d}", "cost_subsidy": null}
    return text(file, grid(INCOME, rows), "utf-8-sig")


# --- identity numbers -------------------------------------------------------------------------


def _disability_card(number: str) -> str:
    return f"{number}43"


def _fifteen(number: str) -> str:
    return number[:6] + number[8:17]


@mess(
    "identity_numbers_mended",
    dataset=PERSONS,
    repairs={"id.spelling": 4, "id.from_15": 1, "id.disability_card": 1},
)
def _(file: Path) -> Path:
    wide = "".join(chr(ord(c) + 0xFEE0) for c in IDS[3])
    return xlsx(
        file,
        (
            "Sheet1",
            _changed(
                PERSONS,
                {
                    "person_key_0": _fifteen(IDS[0]),
                    "person_key_1": f" {IDS[1][:6]} {IDS[1][6:14]} {IDS[1][14:]}",
                    "person_key_2": IDS[2].lower(),
                    "person_key_3": wide,
                    "person_key_4": f"'{IDS[4]}",
                    "person_key_5": _disability_card(IDS[5]),
                },
            ),
        ),
    )


@mess("identity_numbers_as_text_formulas", dataset=PERSONS, suffix=".csv",
      repairs={"id.spelling": 6, "household.spelling": 6})  # fmt: skip
def _(file: Path) -> Path:
    rows = person_rows()
    for row in rows:
        row["person_key"] = f'="{row["person_key"]}"'
        row["household_key"] = f'="{row["household_key"]}"'
    return text(file, grid(PERSONS, rows), "utf-8-sig")


for _value, _rule in {
    float(IDS[1]): "id.number_typed",
    f"{float(IDS[1]):.5E}": "id.number_typed",
    IDS[1][:15] + "000": "id.truncated",
    IDS[1][:4] + "**********" + IDS[1][14:]: "id.masked",
    IDS[1][:16]: "id.length",
    IDS[1][:17] + ("1" if IDS[1][17] != "1" else "2"): "id.check_digit",
    _number("19611315", 121): "id.birthday",
    "": "required.missing",
}.items():
    MESSES.append(
        Mess(
            f"identity_{_rule.replace('.', '_')}_{len(MESSES)}",
            lambda file, value=_value: xlsx(  # type: ignore[misc]
                file, ("Sheet1", _changed(PERSONS, {"person_key_1": value}))
            ),
            dataset=PERSONS,
            faults=[(3, "证件号码", _rule)],
        )
    )


@mess("a_column_of_truncated_numbers", dataset=PERSONS, rejection="file.too_many_faults", rows=0)
def _(file: Path) -> Path:
    rows = person_rows()
    # By chance, the first of these passes the check digit.
    lucky = next(n for s in range(999) if (n := _number("19600115", s)).endswith("000"))
    for row, number in zip(rows, [lucky, *IDS[1:]], strict=True):
        row["person_key"] = number[:15] + "000"
    return xlsx(file, ("Sheet1", grid(PERSONS, rows)))


# --- dates, booleans, codes, places -----------------------------------------------------------


@mess("months_as_people_write_them", dataset=DIBAO, repairs={"date.spelling": 4, "date.serial": 1})
def _(file: Path) -> Path:
    return xlsx(
        file,
        (
            "Sheet1",
            _changed(
                DIBAO,
                {
                    "pay_month_0": 202408,
                    "pay_month_1": 2024.8,
                    "pay_month_2": "2024年8月",
                    "pay_month_3": "2024.08",
                    "pay_month_4": 45505,
                    "pay_month_5": datetime(2024, 8, 1),
                    "paid_on_0": "24/8/15",
                    "paid_on_1": "2024/8/15",
                    "paid_on_5": date(2024, 8, 15),
                },
            ),
        ),
    )


for _value, _rule in {
    "1900-01-00": "date.invalid",
    "2024-08-32": "date.invalid",
    "2024年8月": "date.no_day",
    "2023年10月-2024年9月": "date.interval",
    "05/04/03": "date.ambiguous",
    2024.1: "date.ambiguous",
    2024: "date.invalid",
}.items():
    MESSES.append(
        Mess(
            f"date_{_rule.replace('.', '_')}_{len(MESSES)}",
            lambda file, value=_value: xlsx(  # type: ignore[misc]
                file, ("Sheet1", _changed(DIBAO, {"paid_on_1": value}))
            ),
            dataset=DIBAO,
            faults=[(3, "发放日期", _rule)],
        )
    )


@mess("booleans_and_codes_as_people_write_them", dataset=PERSONS, repairs={"boolean.spelling": 5})
def _(file: Path) -> Path:
    spellings = ["×", "0", 0, "Ｎ", "否", "n"]
    changes: dict[str, Any] = {f"is_student_{i}": value for i, value in enumerate(spellings)}
    changes |= {"relation_to_head_0": "本人", "relation_to_head_1": "之 妻", "sex_0": "男性"}
    return xlsx(file, ("Sheet1", _changed(PERSONS, changes | {"labour_ability_0": "普通劳动力 "})))


@mess("unknown_code", dataset=PERSONS, faults=[(3, "性别", "code.unknown")], says="男、女")
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _changed(PERSONS, {"sex_1": "M"})))


@mess("places_in_every_spelling")
def _(file: Path) -> Path:
    return xlsx(
        file,
        (
            "Sheet1",
            _income(
                county_code_0="中卫市海原县",
                county_code_1="海原",
                county_code_2=640522,
                county_code_3="宁夏回族自治区海原县",
                county_code_4="640522000000",
                village_code_0="李果园村委会",
                village_code_1="李果园",
                village_code_2=640522101205,
                village_code_3=PLACES[3][1] + "民委员会",
                village_code_4=PLACES[4][1].removesuffix("村") + "行政村",
            ),
        ),
    )


@mess("unknown_village", faults=[(3, "行政村", "village.unknown")], says="不存在村")
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _income(village_code_1="不存在村")))


@mess("one_row_of_another_county", faults=[(3, "县（市、区）", "county.not_sender")])
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _income(county_code_1="西吉县", village_code_1="640422100202")))


# --- sums -------------------------------------------------------------------------------------


@mess(
    "component_total_is_not_its_parts", faults=[(3, "工资性收入", "sum.mismatch")], says="26200.50"
)
def _(file: Path) -> Path:
    rows = income_rows()
    rows[1]["wage_income"] += 50
    return xlsx(file, ("Sheet1", grid(INCOME, rows)))


@mess("per_capita_is_not_net_by_size", faults=[(3, "人均纯收入（元）", "sum.mismatch")])
def _(file: Path) -> Path:
    rows = income_rows()
    rows[1]["per_capita_net_income"] += 100
    return xlsx(file, ("Sheet1", grid(INCOME, rows)))


# --- encodings, formats -----------------------------------------------------------------------

for _encoding, _separator in [
    ("gb18030", ","), ("utf-8", "\t"), ("utf-8-sig", ";"), ("utf-16", "\t"), ("utf-16-le", ","),
]:  # fmt: skip
    MESSES.append(
        Mess(
            f"text_in_{_encoding}_{len(MESSES)}",
            lambda file, e=_encoding, s=_separator: text(  # type: ignore[misc]
                file, _income(collector_id_0="㑇䶮"), e, s
            ),
            suffix=".csv" if _separator != "\t" else ".xls",
            values={(0, "collector_id"): "㑇䶮"},
        )
    )


@mess("unquoted_thousands_comma_shifts_cells", suffix=".csv", faults=[(3, "", "row.shape")])
def _(file: Path) -> Path:
    lines = [",".join(map(str, row)) for row in _income(wage_migrant_1="25,000")]
    file.write_bytes("\r\n".join(lines).encode("gb18030"))
    return file


@mess("web_page_named_xls", suffix=".xls", repairs={"rows.filled": 2})
def _(file: Path) -> Path:
    lines = []
    for i, row in enumerate(_income()):
        cells = [f"<td>{html.escape(str(cell))}</td>" for cell in row]
        if i in (2, 3):
            del cells[1]
        if i == 1:
            cells[1] = '<td rowspan="3">李旺镇</td>'
        lines.append(f"<tr>{''.join(cells)}</tr>")
    title = f'<tr><td colspan="{len(row)}">{TITLE}</td></tr>'
    page = (
        f'<html><head><meta charset="gb2312"></head><table>{title}{"".join(lines)}</table></html>'
    )
    file.write_bytes(page.encode("gb18030"))
    return file


for _suffix in (".xls", ".et"):
    MESSES.append(
        Mess(
            f"true_xls_named_{_suffix[1:]}",
            lambda file: (file.write_bytes(xls("Sheet1", [[TITLE], *_income()])) and file) or file,
            suffix=_suffix,
        )
    )


@mess("parquet", suffix=".parquet")
def _(file: Path) -> Path:
    pq.write_table(pa.Table.from_pylist(income_rows()), file)
    return file


@mess("formulas_never_calculated", faults=[(3, "外出务工收入", "formula.uncalculated")], says="F9")
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _income(wage_migrant_1="=12*2000")))


@mess("formula_with_error_value", faults=[(3, "专项用于减少生产经营性支出的补贴", "formula.error")])
def _(file: Path) -> Path:
    def break_cell(workbook: Any) -> None:
        sheet: Worksheet = workbook.active
        cell = sheet.cell(3, list(header(INCOME)).index("cost_subsidy") + 1)
        cell.value, cell.data_type = "#REF!", "e"

    return xlsx(file, ("Sheet1", _income()), after=break_cell)


@mess("formula_like_text_is_kept_as_text", values={(1, "collector_id"): "=cmd|' /C calc'!A0"},
      suffix=".csv")  # fmt: skip
def _(file: Path) -> Path:
    return text(file, _income(collector_id_1="=cmd|' /C calc'!A0"), "utf-8")


@mess("identity_number_in_a_free_text", repairs={"text.masked": 1},
      values={(1, "collector_id"): f"见{IDS[4][:3]}*************{IDS[4][-2:]}"})  # fmt: skip
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _income(collector_id_1=f"见{IDS[4]}")))


# --- sheets -----------------------------------------------------------------------------------


@mess("hidden_sheet_is_skipped", repairs={"sheet.hidden": 0})
def _(file: Path) -> Path:
    def hide(workbook: Any) -> None:
        workbook["旧"].sheet_state = "hidden"

    old = _income(wage_migrant_0=1)
    return xlsx(file, ("Sheet1", _income()), ("旧", old), after=hide)


@mess("only_matching_sheet_is_hidden", repairs={"sheet.unmatched": 0})
def _(file: Path) -> Path:
    def hide(workbook: Any) -> None:
        workbook["数据"].sheet_state = "hidden"

    return xlsx(file, ("说明", [["请填数据表"]]), ("数据", _income()), after=hide)


@mess("township_sheets_and_a_summary", repairs={"sheet.unmatched": 0})
def _(file: Path) -> Path:
    cells = _income()
    names = list(header(INCOME))
    kept = [i for i, n in enumerate(names) if n not in ("household_key", "head_name")]
    summary = [[row[i] for i in kept] for row in cells]
    return xlsx(
        file,
        ("汇总", summary),
        ("李旺镇", cells[:4]),
        ("三河镇", [[TITLE], cells[0], *cells[4:]]),
        ("Sheet1 (2)", []),
    )


@mess("nothing_that_looks_like_the_table", rejection="sheet.none_matched", rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", [["姓名", "电话"], ["马某", "0955"]]))


@mess("no_rows", rejection="file.no_rows", rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _income()[:1]))


@mess("nothing_to_report_of_events", dataset=DIBAO, rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", grid(DIBAO, [])))


# --- wrong files ------------------------------------------------------------------------------


@mess("title_of_another_county", rejection="file.wrong_sender", says="西吉县", rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", [["填报单位：西吉县农业农村局"], *_income()]))


@mess("title_of_another_quarter", rejection="file.wrong_quarter", says="2024年第2季度", rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", [["海原县2024年第二季度收入情况表"], *_income()]))


@mess("rows_of_another_county", rejection="file.wrong_sender", says="西吉县", rows=0)
def _(file: Path) -> Path:
    changes = {f"county_code_{i}": "西吉县" for i in range(4)}
    return xlsx(file, ("Sheet1", _income(**changes)))


@mess("reporter_is_another_department", dataset=DIBAO, rejection="file.wrong_sender", rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", [["填报单位：自治区财政厅"], *grid(DIBAO, dibao_rows())]))


@mess("cumulative_instead_of_quarter", dataset=DIBAO, rejection="file.cumulative", rows=0)
def _(file: Path) -> Path:
    cells = [["2024年1—9月低保金发放明细表"], *grid(DIBAO, dibao_rows())]
    return xlsx(file, ("Sheet1", cells))


@mess(
    "a_lone_quotation_mark",
    dataset=DIBAO,
    suffix=".csv",
    rejection="file.quotes",
    says="第3行",
    rows=0,
)
def _(file: Path) -> Path:
    cells = grid(DIBAO, dibao_rows())
    lines = [",".join(map(str, row)) for row in cells]
    lines[2] = ",".join([*lines[2].split(",")[:-1], '"2024-08-15'])
    file.write_text("\n".join(lines), "utf-8")
    return file


@mess("cells_of_several_lines", dataset=DIBAO, suffix=".csv")
def _(file: Path) -> Path:
    cells = grid(DIBAO, dibao_rows())
    cells[0][0] = "县\n（市、区）"
    cells[2][3] = "王\n秀,兰"
    return text(file, cells, "utf-8")


@mess(
    "one_payment_of_another_quarter",
    dataset=DIBAO,
    faults=[(4, "发放月份", "period.outside")],
    says="2024年第3季度",
)
def _(file: Path) -> Path:
    cells = _changed(DIBAO, {"pay_month_2": "2024-05", "paid_on_2": "2024-05-15"})
    return xlsx(file, ("Sheet1", cells))


@mess("a_month_late_but_paid_in_the_quarter", dataset=DIBAO, values={(2, "pay_month"): MAY})
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _changed(DIBAO, {"pay_month_2": "2024-05"})))


@mess(
    "an_old_quarter_under_a_new_name",
    dataset=DIBAO,
    rejection="file.other_period",
    says="6 行中却有 6 行的“发放月份、发放日期”不在该季度（最多的在2024年第2季度）",
    rows=0,
)
def _(file: Path) -> Path:
    changes = {f"pay_month_{i}": "2024-05" for i in range(6)}
    changes |= {f"paid_on_{i}": "2024-05-15" for i in range(6)}
    return xlsx(file, ("Sheet1", _changed(DIBAO, changes)))


@mess("another_reporter_in_short", rejection="file.wrong_sender", says="西吉县", rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", [["家庭收入情况表"], ["填报单位：西吉"], *_income()]))


@mess("units_in_a_row_below_the_header", repairs={"unit.converted": 6})
def _(file: Path) -> Path:
    cells = _income()
    units: list[Any] = [""] * len(cells[0])
    for index, title in enumerate(cells[0]):
        units[index] = "元" if title.endswith("收入") else ""
    column = cells[0].index("外出务工收入")
    units[0], units[column] = "计量单位", "（万元）"
    for row in cells[1:]:
        row[column] /= 10000
    return xlsx(file, ("Sheet1", [cells[0], units, *cells[1:]]))


@mess("signatures_without_the_word_person")
def _(file: Path) -> Path:
    signed = [f"制表：{NAMES[0]}", "", f"审核：{NAMES[1]}", "", "日期：2024年10月9日"]
    return xlsx(file, ("Sheet1", [*_income(), signed]))


@mess("too_many_faults", rejection="file.too_many_faults", says="2 行有问题", rows=0)
def _(file: Path) -> Path:
    return xlsx(file, ("Sheet1", _income(wage_migrant_1="约2万", wage_migrant_2="")))


def _slipped(file: Path, move: Callable[[list[Any]], list[Any]]) -> Path:
    cells = grid(DIBAO, dibao_rows())
    cells[2] = move(cells[2])
    return text(file, cells, "utf-8")


@mess(
    "cells_slipped_to_the_right",
    dataset=DIBAO,
    suffix=".csv",
    faults=[
        (3, header(DIBAO)[name], rule)
        for name, rule in {
            "person_key": "id.length",
            "relief_kind": "code.unknown",
            "pay_month": "date.invalid",
            "amount": "number.interval",
            "paid_on": "date.invalid",
        }.items()
    ],
    repairs={"rows.filled": 1, "text.masked": 1},
)
def _(file: Path) -> Path:
    return _slipped(file, lambda row: ["", *row[:-1]])


@mess(
    "name_in_the_column_of_the_number",
    dataset=DIBAO,
    suffix=".csv",
    faults=[(3, "证件号码", "id.length")],
)
def _(file: Path) -> Path:
    return _slipped(file, lambda row: [*row[:2], row[3], *row[3:]])


@mess(
    "a_cell_too_many",
    dataset=DIBAO,
    suffix=".csv",
    faults=[(3, "", "row.shape")],
    repairs={"household.spelling": 1, "text.masked": 1},
)
def _(file: Path) -> Path:
    return _slipped(file, lambda row: [row[0], "x", *row[1:]])


@mess(
    "identity_numbers_in_the_names_of_sheets",
    faults=[(2, "零工收入", "formula.uncalculated")],
    dropped=[3],
)
def _(file: Path) -> Path:
    cells = _income()
    column = cells[0].index("零工收入")
    # Both sheets read 990…03 once their numbers are hidden.
    names = [f"{IDS[0][:8]}{middle}{IDS[0][10:]}" for middle in ("60", "61")]
    cells[4][column] = "=1+1"
    return xlsx(file, (names[0], cells[:4]), (names[1], [cells[0], *cells[4:]]))


def _rewritten(file: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    with zipfile.ZipFile(xlsx(file, ("Sheet1", _income()))) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file


_SHEET = "xl/worksheets/sheet1.xml"


@mess("a_stray_cell_in_the_last_corner", rejection="file.huge_sheet", says="Sheet1", rows=0)
def _(file: Path) -> Path:
    stray = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
    return _rewritten(
        file,
        _SHEET,
        lambda xml: re.sub(rb"<dimension[^>]*>", b"", xml).replace(b"</sheetData>", stray),
    )


@mess("a_tall_sheet_of_many_columns", rejection="file.huge_sheet", rows=0)
def _(file: Path) -> Path:
    stray = b'<row r="999999"><c r="ZZ999999"><v>1</v></c></row></sheetData>'
    return _rewritten(file, _SHEET, lambda xml: xml.replace(b"</sheetData>", stray))


@mess("a_broken_list_of_sheets", rejection="file.damaged", rows=0)
def _(file: Path) -> Path:
    return _rewritten(file, "xl/workbook.xml", lambda xml: xml.replace(b"<sheets>", b"<sheets<"))


@mess("bytes_that_end_the_reader", suffix=".xls", rejection="file.damaged", rows=0)
def _(file: Path) -> Path:
    content = xls("Sheet1", _income())
    # The place of one text cell becomes the last there is: a block of 65536 × 65536 cells.
    first = struct.pack("<HHH", 1, 0, 0)
    moved = re.sub(
        rb"(\x04\x02..)" + re.escape(first),
        rb"\1" + b"\xff" * 4 + b"\0\0",
        content,
        count=1,
        flags=re.S,
    )
    assert moved != content
    file.write_bytes(moved)
    return file


_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _zip_of(*members: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for member in members:
            archive.writestr(member, "x")
    return buffer.getvalue()


for _name, _suffix, _content, _rule in [
    ("password", ".xlsx", _OLE + "EncryptedPackage".encode("utf-16-le"), "file.password"),
    ("word_doc", ".doc", _OLE + "WordDocument".encode("utf-16-le"), "file.word"),
    ("word_docx", ".xlsx", _zip_of("word/document.xml"), "file.word"),
    ("pdf", ".pdf", b"%PDF-1.7\n", "file.pdf"),
    ("scan", ".xlsx", b"\xff\xd8\xff\xe0" + bytes(200), "file.picture"),
    ("archive", ".xls", _zip_of("a.txt"), "file.archive"),
    ("rar", ".xlsx", b"Rar!\x1a\x07\x00", "file.archive"),
    ("empty", ".csv", b"", "file.empty"),
    ("binary", ".csv", struct.pack("<64q", *range(64)), "file.encoding"),
    ("half_a_workbook", ".xlsx", b"PK\x03\x04" + bytes(500), "file.damaged"),
]:
    MESSES.append(
        Mess(
            f"unreadable_{_name}",
            lambda file, content=_content: (file.write_bytes(content) and file) or file,  # type: ignore[misc]
            suffix=_suffix,
            rejection=_rule,
            rows=0,
        )
    )
