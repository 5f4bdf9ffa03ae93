"""What the guard says of villages whose truth is known, because it was drawn here."""

import numpy as np
import pandas as pd
import pytest
from drawn import (
    NO_ANSWERS,
    NO_RECORDS,
    NO_STAKES,
    QUARTERS,
    catalogue,
    rows,
    village_ids,
)

from orchestration.forensics.assess import Assessment, assess
from orchestration.forensics.tails import fit_tail

VILLAGES = 240


def honest(seed: int, villages: int = VILLAGES, quarters: int = 13) -> np.ndarray:
    """Persistent differences, a common season, heavy tails."""
    random = np.random.default_rng(seed)
    return (
        2 * random.standard_normal((villages, 1))
        + np.sin(np.arange(quarters))
        + random.standard_t(5, (villages, quarters))
    )


def judge(statistics: pd.DataFrame, signals: pd.DataFrame, **given: pd.DataFrame) -> Assessment:
    """Assess without records, stakes or answers unless they are given."""
    frames = {"exact": NO_RECORDS, "stakes": NO_STAKES, "answers": NO_ANSWERS} | given
    return assess(statistics, signals, **frames)


def of(frame: pd.DataFrame, village: int, quarter: int) -> pd.Series:
    """One village's row in one quarter."""
    is_it = (frame["entity_id"] == village_ids(VILLAGES)[village]) & (
        frame["quarter"] == QUARTERS[quarter]
    )
    return frame[is_it].iloc[0]


def test_a_jump_against_own_history_is_flagged_for_as_long_as_it_lasts() -> None:
    values = honest(1)
    values[:, 4] += 5  # a shock that all share
    values[7, 8:] += 14
    result = judge(rows("S9", values), catalogue(S9="placebo"))
    assert [of(result.entities, 7, quarter)["wording"] for quarter in range(8, 13)] == [
        "verify"
    ] * 5
    others = result.entities["entity_id"] != village_ids(VILLAGES)[7]
    assert result.entities.loc[others, "is_flagged"].sum() <= 2  # of 3 107
    row = of(result.signals, 7, 8)
    assert row["change"] == pytest.approx(14, abs=6)
    assert row["own_history"] + row["change"] == pytest.approx(row["statistic"])
    assert row["threshold"] == pytest.approx(row["statistic"])
    assert row["change"] > row["null_quantile"] > 0


def test_a_village_that_was_always_different_is_not_flagged() -> None:
    values = honest(2)
    values[3] += 30
    result = judge(rows("S9", values), catalogue(S9="placebo"))
    assert not result.entities.loc[
        result.entities["entity_id"] == village_ids(VILLAGES)[3], "is_flagged"
    ].any()


def test_earlier_quarters_do_not_change_when_later_ones_arrive() -> None:
    values = honest(3)
    values[5, 6:] += 12
    whole = judge(rows("S9", values), catalogue(S9="placebo")).signals
    first = judge(rows("S9", values[:, :9]), catalogue(S9="placebo")).signals
    pd.testing.assert_frame_equal(
        whole[whole["quarter"] < QUARTERS[9]].reset_index(drop=True), first
    )


def test_no_verdict_without_history_households_or_a_value() -> None:
    values = honest(4)
    values[1, 10] = np.nan
    size = np.full(values.shape, 80)
    size[2] = 19
    signals = judge(rows("S9", values, sample_size=size), catalogue(S9="placebo")).signals
    assert of(signals, 0, 1)["assessment"] == "too_little_history"
    assert of(signals, 0, 10)["assessment"] == "assessed"
    assert of(signals, 1, 10)["assessment"] == "not_computable"
    assert of(signals, 2, 10)["assessment"] == "too_few_households"
    silent = signals[signals["assessment"] != "assessed"]
    assert silent["p_value"].isna().all()
    assert not silent["is_flagged"].any()


def test_the_strongest_item_speaks_and_pays_for_the_others() -> None:
    quiet, loud = honest(5), honest(6)
    loud[9, 10] += 14
    one = judge(rows("S9", loud, item="b"), catalogue(S9="placebo")).signals
    two = judge(
        pd.concat([rows("S9", quiet, item="a"), rows("S9", loud, item="b")]),
        catalogue(S9="placebo"),
    ).signals
    assert of(two, 9, 10)["item"] == "b"
    assert of(two, 9, 10)["p_value"] > 1.5 * of(one, 9, 10)["p_value"]


def test_a_lasting_change_is_no_alarm_once_auditors_have_explained_it() -> None:
    values = honest(7)
    values[11, 6:] += 14
    answers = pd.DataFrame(
        {
            "entity_type": ["village"],
            "entity_id": [village_ids(VILLAGES)[11]],
            "quarter": [QUARTERS[6]],
            "disposition": ["explained"],
            "answered_quarter": [QUARTERS[8]],
        }
    )
    result = judge(rows("S9", values), catalogue(S9="placebo"), answers=answers)
    flagged = [bool(of(result.entities, 11, quarter)["is_flagged"]) for quarter in range(6, 13)]
    assert flagged == [True, True, True, False, False, False, False]


def test_a_rate_that_rises_is_flagged_and_one_that_was_always_there_is_not() -> None:
    random = np.random.default_rng(8)
    rates = random.beta(2, 38, (VILLAGES, 1)) * np.ones(13)
    rates[4] = 0.22  # always, as in a village whose employers file late
    rates[6, 9:] = 0.4
    hits = random.binomial(80, rates).astype(float)
    result = judge(rows("S2", hits / 80, successes=hits), catalogue(S2="binomial")).entities
    assert all(of(result, 6, quarter)["is_flagged"] for quarter in range(9, 13))
    assert not any(of(result, 4, quarter)["is_flagged"] for quarter in range(6, 13))


def test_counts_where_honest_villages_have_none_need_no_history() -> None:
    hits = np.zeros((VILLAGES, 2))
    hits[0, 0], hits[1, 0] = 25, 1
    result = judge(rows("S3", hits / 80, successes=hits), catalogue(S3="binomial")).entities
    assert of(result, 0, 0)["is_flagged"]
    assert not of(result, 1, 0)["is_flagged"]


def test_two_families_or_one_record_make_it_serious() -> None:
    growth, shape = honest(9), honest(10)
    growth[0, 10] += 15
    shape[[0, 1], 10] += 15
    exact = pd.DataFrame(
        {
            "entity_id": [village_ids(VILLAGES)[2]],
            "quarter": [QUARTERS[10]],
            "exact_findings": [1],
        }
    )
    stakes = pd.DataFrame(
        {
            "entity_id": village_ids(VILLAGES)[:3],
            "quarter": [QUARTERS[10]] * 3,
            "yuan_at_stake": [1000.0, 2000.0, 500.0],
        }
    )
    signals = catalogue(S4="placebo", S9="placebo", S16="exact")
    statistics = pd.concat([rows("S4", growth), rows("S9", shape)])
    result = judge(statistics, signals, exact=exact, stakes=stakes).entities
    zeroth, first, second = (of(result, village, 10) for village in range(3))
    assert (zeroth["wording"], zeroth["families_fired"]) == ("serious", "growth shape")
    assert (first["wording"], first["leading_signal"]) == ("verify", "S9")
    assert (first["mechanism"], first["flagged_by"]) == ("mechanism_of_S9", "statistics")
    assert (second["wording"], second["flagged_by"]) == ("serious", "exact_record")
    assert second["mechanism"] == "mechanism_of_S16"
    assert first["expected_yuan"] == pytest.approx(2000, rel=0.05)
    assert second["expected_yuan"] == 500


def test_a_county_full_of_small_lies_shows_as_a_county() -> None:
    values = honest(11)
    members = np.flatnonzero([name.startswith("640102") for name in village_ids(VILLAGES)])
    values[members[:16], 12] += 4
    counties = judge(rows("S9", values), catalogue(S9="placebo")).counties
    last = counties[counties["quarter"] == QUARTERS[12]].set_index("county_code")
    assert last["p_value"].idxmin() == "640102"
    assert last.loc["640102", "p_value"] < 0.01


def test_an_unknown_signal_is_refused() -> None:
    with pytest.raises(ValueError, match="S9"):
        judge(rows("S9", honest(12)), catalogue(S4="placebo"))


def test_nothing_measured_is_nothing_said() -> None:
    result = judge(rows("S9", honest(13)).iloc[:0], catalogue(S9="placebo"))
    assert result.signals.empty
    assert result.entities.empty
    assert list(result.counties.columns) == [
        "county_code", "quarter", "villages", "higher_criticism", "p_value", "affected_share",
    ]  # fmt: skip


def test_what_happens_to_a_whole_county_is_no_village_s_alarm() -> None:
    """A register that came late moves all of a county at once, however small the county."""
    values = honest(21)
    ids = village_ids(VILLAGES)
    county = np.flatnonzero([name[:6] == ids[0][:6] for name in ids])[:8]
    others = np.flatnonzero([name[:6] != ids[0][:6] for name in ids])
    chosen = np.concatenate([county, others])
    values[county, 9:] += 12
    values[county[0], 11:] += 14
    frame = rows("S9", values)
    frame = frame[frame["entity_id"].isin([ids[place] for place in chosen])]
    result = judge(frame, catalogue(S9="placebo"))
    flagged = result.entities[result.entities["is_flagged"]]
    here = flagged[flagged["county_code"] == ids[0][:6]]
    assert set(here["entity_id"]) == {ids[county[0]]}
    assert here["quarter"].min() == QUARTERS[11]


def test_a_change_of_no_consequence_is_no_alarm_however_certain_it_is() -> None:
    random = np.random.default_rng(22)
    share = np.clip(0.03 + 0.004 * random.standard_normal((VILLAGES, 13)), 0.001, 1)
    share[5, 9:] = 0.07  # four points more: ten times what chance does
    share[6, 9:] = 0.18
    signals = catalogue(S9="placebo").assign(statistic_scale="arcsine", material_change=0.05)
    result = judge(rows("S9", np.arcsin(np.sqrt(share))), signals)
    assert of(result.entities, 5, 9)["wording"] == "none"
    assert of(result.entities, 6, 9)["wording"] == "verify"
    assert of(result.signals, 5, 9)["change"] > of(result.signals, 5, 9)["null_quantile"]


def test_beyond_a_placebo_of_equal_values_counting_is_all_there_is() -> None:
    tail = fit_tail(np.zeros(540))
    assert tail.p_values(np.array([0.2, 9.0])) == pytest.approx(1 / 541)
