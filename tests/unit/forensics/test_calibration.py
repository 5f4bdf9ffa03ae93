"""The calibrated probability on answers whose truth is known, because it was drawn here."""

import numpy as np
import pandas as pd
from drawn import NO_ANSWERS, QUARTERS, village_ids

from orchestration.forensics.assess import CALIBRATION_COLUMNS
from orchestration.forensics.calibration import (
    FEWEST_LABELS,
    Calibrated,
    calibrate,
    reliability_plot,
)

_VILLAGES, _NOW = 400, 8


def _entities(random: np.random.Generator) -> pd.DataFrame:
    """Two families' p in nine quarters, all villages flagged whose first is small."""
    ids = np.repeat(np.asarray(village_ids(_VILLAGES), dtype=object), _NOW + 1)
    strength = random.exponential(1.2, len(ids))
    return pd.DataFrame(
        {
            "entity_type": "village",
            "entity_id": ids,
            "quarter": np.tile(np.asarray(QUARTERS[: _NOW + 1], dtype=object), _VILLAGES),
            "p_copy": 10**-strength,
            "p_shape": random.random(len(ids)),
            "exact_findings": 0,
            "is_flagged": strength > 2,
        }
    )


def _answered(entities: pd.DataFrame, count: int, random: np.random.Generator) -> pd.DataFrame:
    """Answers to flagged leads before the newest quarter; the stronger, the oftener confirmed."""
    flagged = entities[entities["is_flagged"] & (entities["quarter"] < QUARTERS[_NOW - 1])]
    asked = flagged.drop_duplicates("entity_id").head(count)
    chance = 1 / (1 + np.exp(-2 * (-np.log10(asked["p_copy"]) - 3)))
    is_true = random.random(len(asked)) < chance
    return asked[["entity_type", "entity_id", "quarter"]].assign(
        disposition=np.where(is_true, "confirmed", "explained"), answered_quarter=QUARTERS[_NOW - 1]
    )


def _calibrate(count: int) -> tuple[pd.DataFrame, Calibrated]:
    random = np.random.default_rng(3)
    entities = _entities(random)
    answers = _answered(entities, count, random) if count else NO_ANSWERS
    return entities, calibrate(entities, answers, list(CALIBRATION_COLUMNS))


def test_without_enough_answers_there_is_no_probability() -> None:
    for count in (0, FEWEST_LABELS - 1):
        _, result = _calibrate(count)
        assert np.isnan(result.probability).all()
        assert result.reliability.empty
        assert list(result.reliability.columns) == list(CALIBRATION_COLUMNS)


def test_the_probability_follows_what_was_confirmed_and_looks_only_back() -> None:
    entities, result = _calibrate(150)
    now = (entities["quarter"] == QUARTERS[_NOW]).to_numpy()
    assert np.isnan(result.probability[~now]).all()  # answers came in the quarter before
    strength = -np.log10(entities["p_copy"].to_numpy())
    weak, strong = now & (strength < 2.5) & (strength > 2), now & (strength > 4)
    assert result.probability[weak].max() < 0.5 < result.probability[strong].min()
    assert set(result.reliability["method"]) == {"platt"}
    assert result.reliability["leads"].sum() == 150


def test_isotonic_waits_for_two_hundred_answers_and_keeps_its_word() -> None:
    _, result = _calibrate(260)
    rows = result.reliability
    assert set(rows["method"]) == {"isotonic"}
    error = (rows["expected_share"] - rows["confirmed_share"]).abs()
    assert float((error * rows["leads"]).sum() / rows["leads"].sum()) < 0.12
    assert (
        (rows["lower"] <= rows["confirmed_share"]) & (rows["confirmed_share"] <= rows["upper"])
    ).all()


def test_the_plot_shows_every_tenth_with_its_band() -> None:
    _, result = _calibrate(150)
    plot = reliability_plot(result.reliability)
    assert plot.count("<circle") == len(result.reliability)
    assert plot.count("<line") == 1 + len(result.reliability)
