"""Every suite finds what it is for, names it, and keeps quiet about an honest region."""

from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from validation_home import plant

from orchestration.ingestion.lake import submissions_file, write_parquet
from orchestration.publication import publish
from orchestration.settings import Settings
from orchestration.validation.failures import checks_passed, read_failures, read_results
from orchestration.validation.stage import Verdict, validate
from orchestration.validation.suites import STAGES, Stage

HAIYUAN, XIJI, YANCHI, PENGYANG, LONGDE = "640522", "640422", "640323", "640425", "640423"
QUARTER = "2023-10-01"

# The comparison with the year before has no base in the first quarters of a region.
EXPECTED_IN_AN_HONEST_REGION = {"goal_value_known"}

STRUCTURE = f"""
update int_submissions set is_control_total_matched = false
where dataset = 'person_roster' and quarter = '{QUARTER}'
    and sender in ('{HAIYUAN}', '{XIJI}', '{YANCHI}');
update int_expected_submissions set is_filed = false
where dataset = 'household_income_report' and quarter = '{QUARTER}' and sender = '{HAIYUAN}';
insert into int_household_reports by name
from int_household_reports where household_key = 'h{XIJI}01' and quarter = '{QUARTER}';
update int_household_reports set household_size = 0 where household_key = 'h{XIJI}02';
update int_household_reports set household_size = 25 where household_key = 'h{XIJI}03';
delete from int_household_income where household_key = 'h{YANCHI}05' and quarter = '{QUARTER}';
update int_household_reports set is_on_roster = false
where county_code = '{PENGYANG}' and quarter = '{QUARTER}';
update stg_household_income_report set wage_income = wage_income / 10000
where county_code = '{LONGDE}';
update int_household_income set net_income_verified = net_income_recomputed + 1
where household_key = 'h{XIJI}04' and quarter = '{QUARTER}';
update int_household_income set per_capita_net_income_reported = net_income_reported / 40000
where county_code = '{YANCHI}' and quarter = '{QUARTER}';
delete from int_person_memberships where county_code in ('{HAIYUAN}', '{XIJI}', '{YANCHI}');
update int_rule_coverage set share_covered = 0.5, rules_without_document = 1
where county_code = '{LONGDE}' and quarter = '{QUARTER}';
insert into int_unread_answers by name
select '{YANCHI}' as county_code, '第3号' as lead_no, '线索编号不能识别' as problem_zh;
"""  # noqa: S608 - constants of this file

STRUCTURE_FINDINGS = [
    ("submission_rows", "rows_accounted_for", "critical", "海原县"),
    ("control_totals", "control_totals_match", "warning", "盐池县、西吉县、海原县"),
    ("county_coverage", "counties_filed", "warning", "missing_counties=海原县"),
    ("household_keys", "household_once_per_quarter", "critical", f"h{XIJI}01"),
    ("household_keys", "denominator_positive", "critical", f"h{XIJI}02"),
    ("household_keys", "household_size_plausible", "warning", f"h{XIJI}03"),
    ("household_accounting", "no_household_lost_in_joining", "critical", QUARTER),
    ("household_accounting", "no_household_lost_in_computing", "critical", QUARTER),
    ("roster_match", "rosters_use_same_keys", "critical", "彭阳县"),
    ("roster_match", "households_on_roster", "warning", "彭阳县"),
    ("reported_sums", "components_are_sums", "critical", "隆德县"),
    ("reported_sums", "total_is_sum", "critical", "隆德县"),
    ("household_income_sums", "verified_at_most_recomputed", "critical", f"h{XIJI}04"),
    ("household_income_sums", "net_verified_is_sum", "critical", f"h{XIJI}04"),
    ("unit_errors", "median_steady_by_quarter", "critical", "盐池县"),
    ("person_matching", "persons_matched", "warning", "employment_records"),
    ("rule_coverage", "guard_not_blinded", "warning", "隆德县"),
    ("rule_coverage", "rules_have_documents", "warning", "隆德县"),
    ("lead_answers", "answers_name_a_lead", "warning", "lead_no=第3号"),
]

FIGURES = f"""
update fct_household_income set net_income_verified = net_income_recomputed + 1
where household_key = 'h{XIJI}01' and quarter = '{QUARTER}';
update fct_household_income set net_income_recomputed = null
where household_key = 'h{XIJI}02' and quarter = '{QUARTER}';
update fct_income_components set total_reported = total_reported + 1
where county_code = '640000' and component = 'wage' and quarter = '{QUARTER}';
update fct_income_components set share_reported = 1.2
where county_code = '{HAIYUAN}' and component = 'wage' and quarter = '{QUARTER}';
update fct_income_components set growth_reported = 0.5
where county_code = '{YANCHI}' and component = 'net_income' and quarter = '{QUARTER}';
update fct_income_components set per_capita_recomputed = per_capita_reported / 2
where county_code = '{PENGYANG}' and component = 'net_income' and quarter = '{QUARTER}';
update fct_income_components set per_capita_recomputed = null
where county_code = '{LONGDE}' and component = 'wage' and quarter = '{QUARTER}';
delete from fct_measure_completion
where indicator_id = 'M06-01' and county_code = '{LONGDE}' and quarter = '{QUARTER}';
update fct_measure_completion set reported = 95
where indicator_id = 'M09-02' and county_code = '{LONGDE}' and quarter = '{QUARTER}';
insert into fct_goal_attainment by name
from fct_goal_attainment where goal_id = 'G1-level-2024' and quarter = '{QUARTER}';
alter table fct_submissions add column head_name varchar;
update dim_village set village_name = '李 990000198001011234' where village_code like '{LONGDE}%';
delete from dim_village where village_code like '6401%' or village_code like '6403%';
"""  # noqa: S608 - constants of this file

FIGURES_FINDINGS = [
    ("household_values", "verified_at_most_recomputed", "critical", f"h{XIJI}01"),
    ("household_values", "recomputed_and_verified_together", "critical", f"h{XIJI}02"),
    ("region_sums", "region_reported_is_sum", "critical", "component=wage"),
    ("income_components", "share_reported_range", "critical", "海原县"),
    ("income_components", "shares_add_up", "critical", "海原县"),
    ("income_components", "component_recomputed_present", "warning", "隆德县"),
    ("income_growth", "growth_plausible", "warning", "盐池县"),
    ("income_growth", "reported_near_recomputed", "warning", "彭阳县"),
    ("measure_completion", "measure_grid_complete", "critical", "indicator_id=M06-01"),
    ("measure_completion", "ratio_reported_range", "warning", "隆德县"),
    ("goal_attainment", "goal_once", "critical", "goal_id=G1-level-2024"),
    ("privacy", "no_personal_columns", "critical", "head_name"),
    ("privacy", "no_identity_numbers", "critical", "village_name"),
    ("row_counts", "rows_not_shrinking", "critical", "model=dim_village"),
]

Findings = dict[tuple[str, str], tuple[str, str]]


def findings(settings: Settings, stage: Stage) -> Findings:
    """Severity and place of every finding, by suite and expectation."""
    found: Findings = {}
    for row in read_failures(settings, stage).to_pylist():
        place = f"{row['county_code']} {row['household_key']} {row['other_keys']} {row['quarter']}"
        key = (row["suite"], row["expectation_id"])
        found[key] = (row["severity"], found.get(key, ("", ""))[1] + place + "\n")
    return found


@pytest.fixture(scope="module")
def structure(copy_of: Callable[[str], Settings]) -> Findings:
    settings = copy_of("structure")
    plant(settings, STRUCTURE)
    ledger = pq.read_table(submissions_file(settings))
    rows = ledger.to_pylist()
    for row in rows:
        if row["dataset"] == "household_roster" and row["sender"] == HAIYUAN:
            row["rows_accepted"] += 1
    write_parquet(pa.Table.from_pylist(rows, schema=ledger.schema), submissions_file(settings))
    validate(settings, "structure")
    return findings(settings, "structure")


@pytest.fixture(scope="module")
def figures(copy_of: Callable[[str], Settings]) -> Findings:
    settings = copy_of("figures")
    publish(settings, {"structure": True})
    plant(settings, FIGURES)
    validate(settings, "figures")
    return findings(settings, "figures")


@pytest.mark.parametrize(("suite", "expectation", "severity", "place"), STRUCTURE_FINDINGS)
def test_structure_finds(
    structure: Findings, suite: str, expectation: str, severity: str, place: str
) -> None:
    assert structure[suite, expectation][0] == severity
    assert place in structure[suite, expectation][1]


@pytest.mark.parametrize(("suite", "expectation", "severity", "place"), FIGURES_FINDINGS)
def test_figures_find(
    figures: Findings, suite: str, expectation: str, severity: str, place: str
) -> None:
    assert figures[suite, expectation][0] == severity
    assert place in figures[suite, expectation][1]


def test_honest_region_passes_and_leaves_a_record(copy_of: Callable[[str], Settings]) -> None:
    settings = copy_of("honest")
    verdicts: list[Verdict] = [v for stage in STAGES for v in validate(settings, stage)]

    assert not any(verdict.is_blocked for verdict in verdicts)
    found = {row["expectation_id"] for row in read_failures(settings).to_pylist()}
    assert found <= EXPECTED_IN_AN_HONEST_REGION
    passed = checks_passed(settings)
    assert passed.keys() == {f"{v.suite.stage}.{v.suite.name}" for v in verdicts}
    assert all(passed.values())
    judged = read_results(settings).to_pylist()
    assert len(judged) == sum(len(v.suite.expectations) for v in verdicts)
