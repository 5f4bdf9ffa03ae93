"""The checks in a Dagster run: what is critical stops the marts, what is a warning does not."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import dagster as dg
from validation_home import plant

from orchestration.settings import Settings
from orchestration.validation.checks import build_checks
from orchestration.validation.failures import failures_file
from orchestration.validation.suites import load_suites


def run_line(settings: Settings) -> dg.ExecuteInProcessResult:
    """Run the first stage's checks between stand-ins of the models it vouches for and a mart."""
    models = sorted({suite.asset for suite in load_suites("structure")})
    structure, _ = build_checks(settings)

    def stand_in(name: str, deps: list[str]) -> dg.AssetsDefinition:
        @dg.asset(name=name, deps=deps)
        def model() -> None:
            """Stand for a model that dbt has built already."""

        return model

    return dg.materialize(
        [*(stand_in(name, []) for name in models), stand_in("mart", models), structure],
        raise_on_error=False,
    )


def marts_built(result: dg.ExecuteInProcessResult) -> bool:
    return any(
        event.asset_key == dg.AssetKey("mart")
        for event in result.get_asset_materialization_events()
    )


def test_warning_names_the_county_and_lets_the_marts_be_built(
    copy_of: Callable[[str], Settings],
) -> None:
    settings = copy_of("warned")
    plant(
        settings,
        "update int_expected_submissions set is_filed = false "
        "where dataset = 'person_roster' and sender = '640522'",
    )

    result = run_line(settings)

    assert result.success
    assert marts_built(result)
    (warned,) = [check for check in result.get_asset_check_evaluations() if not check.passed]
    assert warned.check_name == "county_coverage_warnings"
    assert warned.severity is dg.AssetCheckSeverity.WARN
    assert "海原县" in str(warned.metadata["failing_rows"].value)


def test_critical_finding_blocks_the_marts(copy_of: Callable[[str], Settings]) -> None:
    settings = copy_of("blocked")
    plant(settings, "delete from int_household_income")

    result = run_line(settings)

    assert not result.success
    assert not marts_built(result)
    failed = {
        check.check_name for check in result.get_asset_check_evaluations() if not check.passed
    }
    assert failed == {"models_present", "household_accounting"}
    assert failures_file(settings, "structure").exists()


def test_definitions_load_without_great_expectations() -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from orchestration.settings import Settings\n"
        "from orchestration.validation.checks import build_checks\n"
        "build_checks(Settings(home=Path('unused')))\n"
        "assert 'great_expectations' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_checks_share_the_warehouse_pool() -> None:
    for checks in build_checks(Settings(home=Path("unused"))):
        assert checks.op.pool == "warehouse"
