"""The record of a validation: written in a fixed order, readable without what wrote it."""

from datetime import date
from pathlib import Path

import pytest

from orchestration.settings import Settings
from orchestration.validation.failures import (
    FAILURES_SCHEMA,
    checks_passed,
    failures_file,
    failures_markdown,
    read_failures,
    write_failures,
    write_results,
)


def failure(**values: object) -> dict[str, object]:
    return dict.fromkeys(FAILURES_SCHEMA.names) | {"stage": "structure", "suite": "keys"} | values


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(home=tmp_path)


def test_nothing_validated_reads_as_nothing_failed_and_nothing_passed(settings: Settings) -> None:
    assert read_failures(settings).num_rows == 0
    assert read_failures(settings).schema == FAILURES_SCHEMA
    assert checks_passed(settings) == {}


def test_same_failures_in_another_order_give_the_same_bytes(settings: Settings) -> None:
    rows = [failure(household_key=f"h{n}", severity="warning") for n in range(50)]
    write_failures(settings, "structure", rows)
    before = failures_file(settings, "structure").read_bytes()
    write_failures(settings, "structure", reversed(rows))
    assert failures_file(settings, "structure").read_bytes() == before


def test_only_an_unmet_critical_expectation_keeps_a_suite_from_passing(settings: Settings) -> None:
    shared = {"stage": "figures", "title_zh": "题", "rows_judged": 3, "rows_failing": 1}
    write_results(
        settings,
        "figures",
        [
            shared | {"suite": s, "expectation_id": e, "severity": v, "is_met": met}
            for s, e, v, met in (
                ("a", "1", "critical", True),
                ("a", "2", "warning", False),
                ("b", "1", "critical", False),
                ("b", "2", "critical", True),
            )
        ],
    )
    assert checks_passed(settings) == {"figures.a": True, "figures.b": False}


def test_markdown_puts_critical_rows_first_and_counts_the_rest(settings: Settings) -> None:
    rows = [failure(severity="warning", title_zh=f"提示{n}") for n in range(30)]
    rows.append(
        failure(
            severity="critical",
            title_zh="甲|乙",
            county_code="640522",
            quarter=date(2024, 7, 1),
            household_key="f" * 64,
        )
    )
    write_failures(settings, "structure", rows)
    lines = failures_markdown(read_failures(settings, "structure")).splitlines()
    assert "甲\\|乙" in lines[2]
    assert "2024-07-01 640522 户ffffffffffff" in lines[2]
    assert "f" * 13 not in lines[2]
    assert len([line for line in lines if line.startswith("| ")]) == 2 + 20
    assert "共 31 行" in lines[-1]
