"""Every published figure leads to a row of a file, of the rules or of the ledger, or says why not.

The figures are those of a world that the whole line has run over; the rows named are looked up in
the files as they were sent.
"""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
from click.testing import CliRunner

from orchestration.cli import main
from orchestration.contracts import load_contracts
from orchestration.explanation import Explanation, ExplanationError, Figure, figure_address
from orchestration.explanation.answer import FILE, KEPT_AT, LEDGER_LINE, ROW, SEED, SHEET, Row
from orchestration.explanation.documents import show, to_json
from orchestration.explanation.explain import explain as explain_figure
from orchestration.explanation.explain import explain_in
from orchestration.explanation.sources import Home, Subject, opened
from orchestration.explanation.submissions import explain_restatement
from orchestration.explanation.text import to_text
from orchestration.ingestion.readers import read_tables
from orchestration.publication.manifest import DATABASE, MANIFEST
from orchestration.settings import Settings

PER_CAPITA = (
    "fct_income_components.per_capita_verified"
    "?county_code=640522&quarter=2024Q3&component=net_income"
)
EMPTY_IN_A_SMALL_WORLD = {"fct_restatements", "fct_lead_calibration", "fct_lead_checks"}


@pytest.fixture(scope="module")
def home(small_home: Settings) -> Iterator[Home]:
    with opened(small_home, 3) as home:
        yield home


def explain(home: Home, address: str) -> Explanation:
    return explain_in(home, Figure.parse(address))


def addresses(home: Home, mart: str, column: str) -> list[str]:
    """Return the addresses of one row whose figure is known and of one where it is not."""
    key = home.catalogue.key(mart)
    found = [
        home.first(
            f'select * from published.{mart} where "{column}" {known} '  # noqa: S608
            f"order by hash({', '.join(key)}) limit 1"
        )
        for known in ("is not null", "is null")
    ]
    return [
        figure_address(mart, column, **{name: row[name] for name in key}) for row in found if row
    ]


def test_every_figure_of_every_mart_leads_to_a_row_or_says_why_not(home: Home) -> None:
    lost, empty, sample = [], set(), []
    for mart in home.catalogue.marts:
        columns = home.catalogue.figures(mart)
        if not columns and mart.startswith("dim_"):
            columns = [list(home.catalogue.marts[mart])[-1]]
        if not home.first(f"select 1 from published.{mart} limit 1"):  # noqa: S608
            empty.add(mart)
            continue
        for column in columns:
            for address in addresses(home, mart, column):
                answer = explain(home, address)
                sources = list(answer.sources())
                sample += sources[:2]
                is_unknown = answer.facts["数值"] is None
                if not sources and not answer.reasons:
                    lost.append(f"{address}: neither row nor reason")
                if not is_unknown and not sources and answer.facts["数值"] != 0:
                    lost.append(f"{address}: more than zero out of no row")
                if is_unknown and not answer.reasons:
                    lost.append(f"{address}: unknown without a reason")
                if answer.agrees is False:
                    lost.append(f"{address}: computed anew it differs")
    assert not lost, "\n".join(lost)
    assert empty <= EMPTY_IN_A_SMALL_WORLD
    assert len(sample) > 150
    places = {(row[FILE], row[SHEET], row[ROW], row[KEPT_AT]) for row in sample if row.get(FILE)}
    assert len(places) >= 15
    assert_rows_are_in_the_archive(home.settings, places)
    for row in sample:
        if row.get(SEED):
            lines = (home.settings.seeds.parent / row[SEED]).read_text("utf-8").splitlines()
            assert row[ROW] <= len(lines)
        if row.get(LEDGER_LINE):
            entries = home.settings.ledger_file.read_text("ascii").splitlines()
            assert json.loads(entries[row[LEDGER_LINE] - 1])["hash"] == row["台账哈希"]


def assert_rows_are_in_the_archive(
    settings: Settings, places: set[tuple[str, str, int, str]]
) -> None:
    """Read the files as they were sent, and find the rows in them filled."""
    for name, sheet, number, kept_at in places:
        tables = read_tables(settings.home / kept_at, name)
        [rows] = [table.rows for table in tables if table.sheet == sheet]
        assert any(cell is not None for cell in rows[number - 1]), (name, sheet, number)


def test_income_and_measures_are_computed_anew_and_agree(home: Home) -> None:
    for column in home.catalogue.figures("fct_income_components"):
        for county, component in (("640000", "wage"), ("640522", "production_cost")):
            key = {"county_code": county, "quarter": "2024Q3", "component": component}
            answer = explain(home, figure_address("fct_income_components", column, **key))
            assert answer.agrees, answer.address
    indicators = home.rows(
        "select unnest([min(indicator_id), max(indicator_id)]) as indicator_id, aggregation "
        "from indicators group by aggregation"
    )
    assert len({row["aggregation"] for row in indicators}) == 6
    for row in indicators:
        key = {"indicator_id": row["indicator_id"], "county_code": "640000", "quarter": "2024Q3"}
        answer = explain(home, figure_address("fct_measure_completion", "verified", **key))
        assert answer.agrees, answer.address


def test_a_figure_that_was_changed_is_found_out(small_home: Settings, tmp_path: Path) -> None:
    changed = Settings(home=tmp_path / "var")
    changed.published.mkdir(parents=True)
    for part in small_home.home.iterdir():
        if part.name != "published":
            (changed.home / part.name).symlink_to(part)
    for name in (DATABASE, MANIFEST):
        shutil.copy(small_home.published / name, changed.published / name)
    with duckdb.connect(str(changed.published / DATABASE)) as connection:
        connection.execute(
            "update fct_income_components set per_capita_verified = per_capita_verified + 0.01"
        )
    answer = explain_figure(changed, PER_CAPITA)
    assert answer.agrees is False
    assert "复算不一致" in to_text(answer)
    assert any("与数仓现值不同" in reason for reason in answer.reasons)


def test_a_household_leads_to_its_report_and_to_each_payment(home: Home) -> None:
    household = home.first(
        "select household_key from published.fct_household_income where quarter = '2024-07-01' "
        "and transfer_income_verified > 0 order by transfer_income_verified desc limit 1"
    )
    assert household
    answer = explain(
        home,
        figure_address(
            "fct_household_income", "transfer_income_recomputed", quarter="2024Q3", **household
        ),
    )
    tables = {table.title: table for table in answer.tables}
    [report] = tables["住户报表的行"].rows
    assert report["数据集"] == "脱贫户家庭收入情况表"
    items = tables["分项三个数（元）"].rows
    assert {item["大类"] for item in items} == {"转移性收入"}
    payments = next(table for title, table in tables.items() if title.startswith("支持这些分项"))
    assert payments.total > 0
    assert all(row[FILE] and row[ROW] for row in payments.rows)
    with opened(home.settings, None) as whole:
        every = explain(whole, answer.address)
    everything = next(t for t in every.tables if t.title == payments.title)
    recorded = sum(item["登记或产能支持"] or 0 for item in items if item["依据"] == "有登记")
    assert sum(row["金额"] for row in everything.rows) == recorded
    assert len(everything.rows) == everything.total == payments.total


def test_a_payment_is_in_the_file_it_is_traced_to(home: Home) -> None:
    answer = explain(home, PER_CAPITA.replace("net_income", "transfer"))
    payments = next(t for t in answer.tables if t.title.startswith("支持复算数"))
    for row in payments.rows:
        tables = read_tables(home.settings.home / row[KEPT_AT], row[FILE])
        [cells] = [table.rows[row[ROW] - 1] for table in tables if table.sheet == row[SHEET]]
        numbers = {re.sub(r"[,元\s]", "", str(cell)) for cell in cells if cell is not None}
        assert any(is_amount(number, float(row["金额"])) for number in numbers), (row, cells)


def is_amount(text: str, amount: float) -> bool:
    """Whether a cell states an amount, in yuan or in ten thousands of it."""
    try:
        stated = float(text)
    except ValueError:
        return False
    return min(abs(stated - amount), abs(stated * 10_000 - amount)) < 0.01


def test_no_person_and_no_name_is_shown(home: Home) -> None:
    persons = {
        row["person_key"] for row in home.rows("select distinct person_key from stg_person_roster")
    }
    dropped = {
        column.header
        for contract in load_contracts().values()
        for column in contract.columns
        if column.is_dropped or column.kind == "person"
    }
    shown: list[Row] = []
    for mart, column in (
        ("fct_household_income", "net_income_verified"),
        ("fct_measure_completion", "verified"),
        ("fct_integrity_signals", "statistic"),
        ("fct_household_alerts", "statistic_value"),
        ("fct_assistance_plan", "gap_rank"),
    ):
        for address in addresses(home, mart, column)[:1]:
            shown += [row for table in explain(home, address).tables for row in table.rows]
    assert len(shown) > 50
    assert not dropped & {label for row in shown for label in row}
    assert not persons & {value for row in shown for value in row.values() if str(value) == value}


def test_what_nobody_filed_is_named_with_sender_and_deadline(home: Home) -> None:
    row = home.first(
        "select dataset, sender, quarter from published.fct_submissions "
        "where status = 'not_filed' order by all limit 1"
    )
    assert row
    answer = explain(
        home, figure_address("fct_submissions", "rows_read", submission_version=0, **row)
    )
    assert re.search(
        r"没有报送：.+未报《.+》20\d\dQ\d，应于20\d\d-\d\d-\d\d前报送", answer.reasons[0]
    )


def test_checks_and_versions_stand_beside_the_figure(home: Home) -> None:
    answer = explain(home, PER_CAPITA)
    [checks] = [table for table in answer.tables if table.title == "经过的检查"]
    assert any("全区等于各县之和" in row["检查"] for row in checks.rows)
    assert any(row["检查"].startswith("dbt：") for row in checks.rows)
    assert {row["结果"] for row in checks.rows} <= {
        "通过",
        "未通过",
        "未通过（已豁免）",
        "见运行记录",
    }
    [lineage] = [table for table in answer.tables if table.title.startswith("计算来历")]
    assert lineage.rows[0]["模型"] == "fct_income_components"
    assert lineage.total > len(lineage.rows)
    assert answer.facts["收入认定规则版本"]
    assert answer.facts["发布编号"] == home.manifest.publication_id
    assert answer.facts["契约版本"]["脱贫户家庭收入情况表"]


def test_a_restatement_leads_to_the_ledger(home: Home) -> None:
    causes = list(home.submissions)[:2]
    row: dict[str, Any] = {
        "figure": "income_total", "subject": "wage", "county_code": "640522",
        "quarter": home.submissions[causes[0]]["quarter"], "value_kind": "verified",
        "from_publication": "a", "to_publication": "b", "unit_zh": "元",
        "old_value": 1, "new_value": 2, "difference": 1, "causing_submissions": "|".join(causes),
    }  # fmt: skip
    answer = Explanation("", {}, None)
    explain_restatement(home, Subject("fct_restatements", "difference", {}, row), answer)
    assert {entry["报送编号"] for entry in answer.sources()} == set(causes)
    assert all((home.settings.home / e[KEPT_AT]).exists() for e in answer.sources() if KEPT_AT in e)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("fct_income", "看不懂数字的地址"),
        ("fct_income_component.total_reported", "是否指 fct_income_components？"),
        ("fct_income_components.total", "可用的列：county_code"),
        ("fct_income_components.total_reported?county=1", "该表的键：county_code、quarter"),
        ("fct_income_components.total_reported?quarter=2024Q9", "请写成 2024Q3"),
        ("fct_income_components.total_reported?county_code=北京", "可用：兴庆区"),
        (
            "fct_income_components.total_reported?county_code=海原&quarter=2024Q3",
            "还须给出：component",
        ),
        (PER_CAPITA.replace("net_income", "nett"), "“component”没有这个值；有的值如："),
    ],
)
def test_a_wrong_address_is_answered_with_what_is_accepted(
    small_home: Settings, monkeypatch: pytest.MonkeyPatch, address: str, said: str
) -> None:
    monkeypatch.setenv("ZENGSHOU_HOME", str(small_home.home))
    done = CliRunner().invoke(main, ["explain", address])
    assert done.exit_code == 1
    assert said in done.output


def test_a_figure_of_the_rules_leads_to_its_line(home: Home) -> None:
    answer = explain(home, "dim_indicator.plan_quote?indicator_id=M09-01")
    [row] = answer.sources()
    line = (home.settings.seeds.parent / row[SEED]).read_text("utf-8").splitlines()[row[ROW] - 1]
    assert line.startswith("M09-01,")
    assert row["plan_quote"] in line


def test_a_quarter_and_a_county_may_be_written_either_way(home: Home) -> None:
    written = PER_CAPITA.replace("640522", "海原县").replace("2024Q3", "2024-07-01")
    assert explain(home, written).address == explain(home, PER_CAPITA).address


def test_an_address_is_read_back_as_it_was_written() -> None:
    key = {"file": "a&b=c 100%?.xlsx", "quarter": "2024Q3", "名": "海原"}
    figure = Figure.parse(figure_address("mart", "column", **key))
    assert figure == Figure("mart", "column", key)


def test_text_json_and_workbook_say_the_same(
    small_home: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ZENGSHOU_HOME", str(small_home.home))
    monkeypatch.setenv("ZENGSHOU_IS_SYNTHETIC", "true")
    answer = explain_figure(small_home, PER_CAPITA)
    text = to_text(answer)
    assert text.startswith("【模拟数据】")
    assert "复算结论：复算一致" in text
    assert "zengshou explain 'fct_household_income.net_income_verified?" in text
    values = json.loads(to_json(answer))
    assert values["facts"]["数值"] == f"{answer.facts['数值']:f}"
    file = tmp_path / "figure.xlsx"
    done = CliRunner().invoke(
        main, ["explain", PER_CAPITA, "--format", "xlsx", "--out", str(file), "--all"]
    )
    assert done.exit_code == 0, done.output
    book = openpyxl.load_workbook(file)
    assert all(sheet["A1"].value.startswith("【模拟数据】") for sheet in book)
    [households] = [sheet for sheet in book if "相加的住户" in str(sheet["A2"].value)]
    [listed] = [table for table in answer.tables if table.title.startswith("相加的住户")]
    assert households.max_row == 3 + listed.total


def test_what_a_file_says_is_never_a_formula(small_home: Settings, tmp_path: Path) -> None:
    answer = explain_figure(small_home, PER_CAPITA, 2)
    answer.tables[1].rows[0][FILE] = '=HYPERLINK("http://x")'
    show(answer, "xlsx", tmp_path / "figure.xlsx")
    book = openpyxl.load_workbook(tmp_path / "figure.xlsx")
    cells = [cell for sheet in book for row in sheet for cell in row]
    assert any("HYPERLINK" in str(cell.value) for cell in cells)
    assert not any(cell.data_type == "f" or str(cell.value).startswith("=") for cell in cells)


def test_a_warehouse_that_is_being_written_is_said_plainly(
    small_home: Settings, tmp_path: Path
) -> None:
    home = Settings(home=tmp_path / "var")
    (home.home / "warehouse").mkdir(parents=True)
    home.published.symlink_to(small_home.published.resolve())
    duckdb.connect(str(home.warehouse)).close()
    hold = "import duckdb, sys; c = duckdb.connect(sys.argv[1]); print('held', flush=True); input()"
    writer = subprocess.Popen(
        [sys.executable, "-c", hold, str(home.warehouse)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    try:
        assert writer.stdout
        writer.stdout.readline()
        with pytest.raises(ExplanationError, match="数仓正在被写入，请稍后再试"):
            explain_figure(home, PER_CAPITA)
    finally:
        writer.communicate(b"\n")


def test_the_door_needs_neither_dagster_nor_dbt(small_home: Settings) -> None:
    script = (
        "import sys, pathlib\n"
        "from orchestration.settings import Settings\n"
        "from orchestration.explanation import explain\n"
        "explain(Settings(home=pathlib.Path(sys.argv[1])), sys.argv[2])\n"
        "print([name for name in ('dagster', 'dbt', 'great_expectations') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(small_home.home), PER_CAPITA],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "[]"
