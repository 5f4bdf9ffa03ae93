"""Scores of hand-made worlds whose figures can be counted on the fingers."""

from datetime import date

import pandas as pd
import pytest

from orchestration.evaluation import scoring

_Q = [date(2023, 10, 1), date(2024, 1, 1), date(2024, 4, 1)]


def _village(code: str, flags: str, made_up: str, **told: object) -> list[dict[str, object]]:
    """Three quarters of a village: which are flagged, which made up ("x"), and what else is so."""
    base = {
        "world": "w",
        "village_code": code,
        "kind": None,
        "type": None,
        "dose": None,
        "expected_mechanism": None,
        "mechanism": None,
        "combined_p": 0.5,
        "q_value": 0.9,
        "families_assessed": 4,
        "households": 60,
        "net_income_overstated": 0.0,
        "risk_score": 0.0,
    }
    return [
        {**base, "quarter": quarter, "is_flagged": flag == "x", "is_made_up": made == "x", **told}
        for quarter, flag, made in zip(_Q, flags, made_up, strict=True)
    ]


_CLONES = {"kind": "fabrication", "type": "clones", "dose": "weak"}


@pytest.fixture
def villages() -> pd.DataFrame:
    """Two of three fabricating villages are found, one of them late and under another name."""
    expected = {"expected_mechanism": "cloned_households", "net_income_overstated": 100.0}
    rows = [
        *_village("a", "-xx", "-xx", **_CLONES, **expected, mechanism="cloned_households",
                  risk_score=5.0, q_value=0.001),
        *_village("b", "--x", "xxx", **_CLONES, **expected, mechanism="heaping", risk_score=3.0,
                  q_value=0.04),
        *_village("c", "x--", "-xx", **_CLONES, **expected, risk_score=1.0),
        *_village("d", "x--", "---", risk_score=4.0, q_value=0.02),
        *_village("e", "--x", "---", kind="look_alike", type="coop_twins"),
        *_village("f", "---", "---", families_assessed=0),
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_the_band_is_wilsons() -> None:
    assert scoring.wilson(0, 0) == (None, None)
    assert scoring.wilson(8, 10) == pytest.approx((0.4902, 0.9433), abs=1e-4)


def test_found_means_flagged_while_made_up(villages: pd.DataFrame) -> None:
    found = scoring.found_villages(villages).set_index("village_code")
    assert found["is_found"].to_dict() == {"a": True, "b": True, "c": False}
    assert found["quarters_late"].dropna().to_dict() == {"a": 0, "b": 2}
    assert found["is_named"].dropna().to_dict() == {"a": True, "b": False}


def test_recall_counts_villages(villages: pd.DataFrame) -> None:
    (row,) = scoring.recall(scoring.found_villages(villages), ["type", "dose"]).to_dict("records")
    assert (row["type"], row["dose"], row["villages"], row["found"]) == ("clones", "weak", 3, 2)
    assert row["recall"] == pytest.approx(2 / 3)
    assert (row["named"], row["nameable"]) == (1, 2)


def test_every_flag_that_is_not_made_up_is_false(villages: pd.DataFrame) -> None:
    false = scoring.false_discovery(villages)
    # The honest quarter of c, the ordinary d and the look-alike e, of six flags on five villages.
    assert (false["flags"], false["false_flags"]) == (6, 3)
    assert (false["villages"], false["false_villages"]) == (5, 3)
    nothing = scoring.false_discovery(villages.assign(is_flagged=False))
    assert (nothing["flags"], nothing["share"]) == (0, 0.0)


def test_alarms_are_told_by_group(villages: pd.DataFrame) -> None:
    groups = scoring.honest_alarms(villages).set_index("group")
    assert groups["villages"].to_dict() == {"coop_twins": 1, "ordinary": 2}
    assert groups["villages_flagged"].to_dict() == {"coop_twins": 1, "ordinary": 1}
    assert groups.loc["ordinary", "alarms_per_1000"] == pytest.approx(1000 / 6)


def test_the_order_of_the_newest_quarter(villages: pd.DataFrame) -> None:
    # By score: a, d, b, c of six; three are made up.
    order = scoring.ranking(villages)
    assert order["k"] == 3
    assert order["precision"] == pytest.approx(2 / 3)
    assert order["lift"] == pytest.approx((2 / 3) / (3 / 6))
    assert order["average_precision"] == pytest.approx((1 + 2 / 3 + 3 / 4) / 3)
    assert scoring.ranking(villages.assign(is_made_up=False))["precision"] is None


def test_a_county_that_overstates_is_no_village_of_the_order(villages: pd.DataFrame) -> None:
    whole = villages.assign(
        type=villages["type"].where(villages["village_code"] != "a", "county_overstated")
    )
    assert scoring.ranking(whole)["k"] == 2


def test_yuan_of_found_villages(villages: pd.DataFrame) -> None:
    assert scoring.yuan(scoring.found_villages(villages)) == pytest.approx(
        {"planted": 300.0, "found": 200.0, "share": 2 / 3}
    )


def test_calibration_holds_the_promise_against_what_came(villages: pd.DataFrame) -> None:
    rows = scoring.calibration(villages).set_index("expected_from")
    assert rows["flags"].sum() == 6
    assert rows.loc[0.99, "observed"] == 1.0  # both flags of a
    assert rows.loc[0.95, "observed"] == pytest.approx(1 / 2)  # b is, d is not


def test_spread_over_worlds_leaves_out_what_is_not_known() -> None:
    assert scoring.spread([0.0, None, 0.1]) == pytest.approx(
        {"mean": 0.05, "median": 0.05, "p90": 0.09}
    )
