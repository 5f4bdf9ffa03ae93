"""Waivers let failing rows pass, visibly, until they end: through DuckDB and Great Expectations."""

import json
from dataclasses import dataclass
from pathlib import Path

import duckdb
import pytest

from orchestration.settings import Settings
from orchestration.validation.data_docs import data_docs_index
from orchestration.validation.failures import checks_passed, read_failures, read_results
from orchestration.validation.stage import Verdict, validate

HAIYUAN, XIJI = "640522", "640422"
DUE = "2024-01-30"  # thirty days after the end of the newest quarter, 2023Q4

FRAME = f"""
select * from (values
    ('{HAIYUAN}', date '2023-07-01', 'deaths', 1),
    ('{XIJI}', date '2023-10-01', 'deaths', 1),
    ('640323', date '2023-10-01', 'deaths', 0)
) as t (county_code, quarter, dataset, broken)
"""  # noqa: S608 - constants of this file

# By suite: check, county, dataset, granted on, expires on.
Entry = tuple[str, str | None, str | None, str, str]
WAIVERS: dict[str, list[Entry]] = {
    "whole": [("whole.rows_whole", None, None, "2024-01-30", DUE)],
    "by_county": [("rows_by_county", HAIYUAN, None, "2023-11-01", "2024-12-31")],
    "by_dataset": [("rows_by_dataset", None, "deaths", "2023-11-01", "2024-12-31")],
    "of_another": [("rows_of_another", None, "pension_payments", "2023-11-01", "2024-12-31")],
    "ended": [("rows_ended", None, None, "2023-11-01", "2024-01-29")],
    "renewed": [
        ("rows_renewed", None, None, "2023-11-01", "2023-12-31"),
        ("rows_renewed", None, None, "2024-01-01", "2024-06-30"),
    ],
    "not_yet": [("rows_not_yet", None, None, "2024-01-31", "2024-12-31")],
    "no_column": [("rows_no_column", None, None, "2023-11-01", "2024-12-31")],
    "told": [("rows_told", None, None, "2023-11-01", "2024-12-31")],
    "nobody": [],
}


@dataclass(frozen=True)
class Judged:
    """One stage with a suite of each kind, judged once."""

    settings: Settings
    verdicts: dict[str, Verdict]

    def rows(self, suite: str) -> list[dict[str, object]]:
        """Failing rows of a suite, waived ones too."""
        rows = read_failures(self.settings).to_pylist()
        return [row for row in rows if row["suite"] == suite]


def write_suite(folder: Path, name: str, severity: str = "critical") -> None:
    column = "absent" if name == "no_column" else "broken"
    title = f"{name}的行应为零"
    expectation = {
        "type": "expect_column_values_to_be_between",
        "kwargs": {"column": column, "min_value": 0, "max_value": 0},
        "meta": {
            "id": f"rows_{name}",
            "title_zh": title,
            "title_en": "nothing is broken",
            "remedy_zh": "更正后重报",
        },
        "notes": "测试",
        "severity": severity,
        "description": title,
    }
    meta: dict[str, object] = dict.fromkeys(("title_zh", "title_en", "purpose_zh"), name)
    meta |= {"asset": "int_quarters", "keys": ["county_code", "quarter", "dataset"]}
    suite = {"name": name, "id": None, "expectations": [expectation], "meta": meta, "notes": None}
    (folder / f"{name}.json").write_text(json.dumps(suite), "utf-8")
    (folder / f"{name}.sql").write_text(FRAME, "utf-8")


@pytest.fixture(scope="module")
def judged(tmp_path_factory: pytest.TempPathFactory) -> Judged:
    home = tmp_path_factory.mktemp("waived")
    settings, folder = Settings(home=home / "var"), home / "expectations"
    (folder / "structure").mkdir(parents=True)
    settings.warehouse.parent.mkdir(parents=True)
    with duckdb.connect(str(settings.warehouse)) as connection:
        connection.execute(
            "create table int_quarters as select date '2023-12-31' as quarter_end;"
            "create table stg_audit_waivers (waiver_no varchar, waived_check varchar,"
            " county_code varchar, waived_dataset varchar, reason varchar, granted_on date,"
            " expires_on date, quarter date)"
        )
        for name, entries in WAIVERS.items():
            write_suite(folder / "structure", name, "warning" if name == "told" else "critical")
            for number, entry in enumerate(entries):
                check, county, dataset, granted, expires = entry
                connection.execute(
                    "insert into stg_audit_waivers values (?, ?, ?, ?, '旧系统停用', ?, ?, ?)",
                    [f"HM-{name}-{number}", check, county, dataset, granted, expires, "2023-10-01"],
                )
        # The register of a quarter before said otherwise: its newest entry counts.
        connection.execute(
            "insert into stg_audit_waivers values ('HM-by_county-0', 'rows_by_county', null, null,"
            " '', '2023-05-01', '2024-12-31', '2023-07-01')"
        )
    verdicts = validate(settings, "structure", folder)
    return Judged(settings, {verdict.suite.name: verdict for verdict in verdicts})


@pytest.mark.parametrize("suite", ["whole", "by_dataset", "renewed"])
def test_what_is_waived_does_not_block_and_is_told(judged: Judged, suite: str) -> None:
    verdict = judged.verdicts[suite]
    assert not verdict.is_blocked
    assert verdict.failing.num_rows == 0
    assert verdict.waived["waiver_reason"].to_pylist() == ["旧系统停用"] * 2
    assert checks_passed(judged.settings)[f"structure.{suite}"]
    (result,) = [r for r in read_results(judged.settings).to_pylist() if r["suite"] == suite]
    assert not result["is_met"]
    assert result["is_waived"]
    assert result["rows_waived"] == 2


def test_a_waiver_of_a_county_leaves_the_others_blocking(judged: Judged) -> None:
    verdict = judged.verdicts["by_county"]
    assert verdict.unmet_critical == ("by_county的行应为零",)
    assert verdict.failing["county_code"].to_pylist() == [XIJI]
    assert verdict.waived["county_code"].to_pylist() == [HAIYUAN]
    assert not checks_passed(judged.settings)["structure.by_county"]


def test_an_expired_waiver_that_is_still_needed_blocks_and_says_so(judged: Judged) -> None:
    verdict = judged.verdicts["ended"]
    assert verdict.unmet_critical == ("ended的行应为零（豁免HM-ended-0已于2024-01-29到期）",)
    assert not any(row["is_waived"] for row in judged.rows("ended"))
    assert {row["waiver_no"] for row in judged.rows("ended")} == {"HM-ended-0"}


@pytest.mark.parametrize("suite", ["of_another", "not_yet", "nobody"])
def test_other_waivers_change_nothing(judged: Judged, suite: str) -> None:
    assert judged.verdicts[suite].unmet_critical == (f"{suite}的行应为零",)
    assert {row["waiver_no"] for row in judged.rows(suite)} == {None}


def test_what_cannot_be_judged_is_not_waived(judged: Judged) -> None:
    assert judged.verdicts["no_column"].is_blocked


def test_a_warning_is_waived_too(judged: Judged) -> None:
    assert judged.verdicts["told"].unmet_warnings == ()
    assert judged.verdicts["told"].waived.num_rows == 2


def test_the_overview_lists_waivers_in_force_and_expired_ones(judged: Judged) -> None:
    page = data_docs_index(judged.settings).read_text("utf-8")
    waived = page.partition("<h2>已豁免</h2>")[2].partition("</section>")[0]
    assert "旧系统停用" in waived
    assert "HM-whole-0" in waived
    assert DUE in waived
    assert "HM-ended-0" not in waived
    attended = page.partition("<h2>需要处理</h2>")[2].partition("</section>")[0]
    assert "豁免 HM-ended-0 已于 2024-01-29 到期" in attended
    assert "whole的行应为零" not in attended
