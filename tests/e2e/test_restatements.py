"""A late correction restates what was published; it overwrites nothing silently."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from orchestration.calendar import Quarter
from orchestration.publication.manifest import DATABASE
from orchestration.settings import Settings

HAIYUAN = "640522"
CORRECTED = Quarter.of(2024, 1)
REPORT = f"county_measure_report__{HAIYUAN}__{CORRECTED.label}"


def test_late_correction_is_published_as_a_restatement(changeable_home: Settings, zengshou) -> None:
    settings = changeable_home
    assert _query(settings, "from fct_restatements") == []
    before, claims = _fingerprint(settings), _claims(settings)

    (raised, value), (left_out, withdrawn) = list(claims.items())[:2]
    del claims[left_out]
    _drop_report(settings, claims | {raised: value + 5})
    zengshou(settings.home, "run")

    [(cause,)] = _query(
        settings,
        "select submission_id from fct_submissions "
        "where submission_id like ? || '%' and is_current",
        REPORT,
    )
    step = (before, _fingerprint(settings), CORRECTED.start, 1, cause)
    assert _query(
        settings,
        "select subject, change_kind, old_value, new_value, difference, from_publication, "
        "to_publication, quarter, causing_submission_count, causing_submissions "
        "from fct_restatements where county_code = ? order by subject",
        HAIYUAN,
    ) == [
        (raised, "changed", value, value + 5, Decimal(5), *step),
        (left_out, "withdrawn", withdrawn, None, None, *step),
    ]
    assert _query(
        settings, "select distinct county_code, value_kind from fct_restatements order by all"
    ) == [("640000", "reported"), (HAIYUAN, "reported")]


@pytest.mark.nightly
def test_publishing_again_restates_nothing(changeable_home: Settings, zengshou) -> None:
    settings = changeable_home
    claims = _claims(settings)
    _drop_report(settings, {name: value + 1 for name, value in claims.items()})
    zengshou(settings.home, "run")
    assert _query(settings, "select count(*) > 0 from fct_restatements") == [(True,)]

    published = _bytes(settings.published)
    (settings.dagster_home / "publication.json").unlink()
    zengshou(settings.home, "run")

    assert _bytes(settings.published) == published


def _claims(settings: Settings) -> dict[str, Decimal]:
    return dict(
        _query(
            settings,
            "select indicator_id, reported from fct_measure_completion where county_code = ? "
            "and quarter = ? and reported is not null order by indicator_id",
            HAIYUAN,
            CORRECTED.start,
        )
    )


def _query(settings: Settings, sql: str, *values: object) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(settings.published / DATABASE), read_only=True) as connection:
        return connection.execute(sql, values).fetchall()


def _fingerprint(settings: Settings) -> str:
    [(value,)] = _query(settings, "select value from about where item = 'input_fingerprint'")
    return value


def _drop_report(settings: Settings, claims: dict[str, Decimal]) -> None:
    workbook = openpyxl.Workbook()
    workbook.active.append(["县（市、区）", "指标编码", "累计完成数"])
    for indicator, value in claims.items():
        workbook.active.append([HAIYUAN, indicator, str(value)])
    workbook.save(settings.inbox / f"{REPORT}.xlsx")


def _bytes(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in sorted(folder.rglob("*"))
        if file.is_file()
    }
