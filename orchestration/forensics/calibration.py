"""The probability that a lead would be confirmed, learned from what auditors have answered.

A logistic regression on what each family says and on exact records, with a penalty on its
coefficients (Platt's scaling of several scores); from 200 answers on, an isotonic step over it
takes out what is not logistic (Niculescu-Mizil & Caruana 2005). Flagged villages are all on
somebody's list, the others are visited by lot: an answered lot stands for all that were not drawn.
Reliability is measured on villages that the fit has not seen. The probability is
read beside the score; it raises no lead, ranks none and settles none.
"""

import zlib
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import optimize, special, stats

from orchestration.forensics.answers import CONFIRMED
from orchestration.forensics.audit_list import AT_RANDOM

Floats = NDArray[np.float64]

FEWEST_LABELS, FEWEST_OF_EACH = 30, 5
"""Answers, and answers of either kind, below which there is no probability."""
ISOTONIC_FROM = 200
"""Answers from which the isotonic step is taken."""
STRONGEST = 6.0
"""−log10 p counts no further: a p of 10^-20 is no surer than one of 10^-6."""
PENALTY = 1.0
FOLDS = 5
_BINS = 10


@dataclass(frozen=True)
class Calibrated:
    """``probability`` of each row (null without enough answers) and the rows of reliability."""

    probability: Floats
    reliability: pd.DataFrame


def calibrate(entities: pd.DataFrame, answers: pd.DataFrame, columns: list[str]) -> Calibrated:
    """Return what earlier answers say of each village and quarter.

    Args:
        entities: entity_type, entity_id, quarter, exact_findings, is_flagged and the ``p_…`` of
            each family, of villages and others (which get no probability).
        answers: entity_type, entity_id, quarter, disposition, answered_quarter.
        columns: of the reliability's rows, in order.
    """
    probability = np.full(len(entities), np.nan)
    features = _features(entities)
    is_village = entities["entity_type"].eq("village").to_numpy(dtype=bool)
    label, answered = _labels(entities, answers)
    weight = _weights(entities)
    quarters = entities["quarter"].to_numpy(dtype=object)
    fold = np.array([_fold_of(str(name)) for name in entities["entity_id"]])
    rows = []
    for quarter in sorted(set(quarters[is_village])):
        # What is learned of a quarter's answers ranks the quarters after it.
        known = is_village & np.isfinite(label) & (answered < quarter)
        confirmed = int(label[known].sum())
        if known.sum() < FEWEST_LABELS or not (
            FEWEST_OF_EACH <= confirmed <= known.sum() - FEWEST_OF_EACH
        ):
            continue
        method = "isotonic" if known.sum() >= ISOTONIC_FROM else "platt"
        now = is_village & (quarters == quarter)
        probability[now] = _Learned(features[known], label[known], weight[known], method)(
            features[now]
        )
        unseen = np.full(int(known.sum()), np.nan)
        for part in range(FOLDS):
            out = fold[known] == part
            if out.any() and 0 < label[known][~out].sum() < (~out).sum():
                learned = _Learned(
                    features[known][~out], label[known][~out], weight[known][~out], method
                )
                unseen[out] = learned(features[known][out])
        rows += _reliability(quarter, method, unseen, label[known])
    return Calibrated(probability, pd.DataFrame(rows, columns=columns))


def _fold_of(name: str) -> int:
    """The part that an entity is in: by its name alone, so that its quarters stay together."""
    return zlib.crc32(name.encode()) % FOLDS


def _features(entities: pd.DataFrame) -> Floats:
    """What each family says (−log10 p, capped; 0 where it says nothing) and exact records."""
    families = [name for name in entities.columns if name.startswith("p_")]
    p_values = entities[families].to_numpy(dtype=np.float64)
    said = -np.log10(np.clip(np.nan_to_num(p_values, nan=1.0), 10**-STRONGEST, 1.0))
    records = entities["exact_findings"].to_numpy(dtype=np.float64) > 0
    return np.column_stack([said, records.astype(np.float64)])


def _labels(entities: pd.DataFrame, answers: pd.DataFrame) -> tuple[Floats, NDArray[np.object_]]:
    """1 where a lead was confirmed, 0 where it was explained or an error; and when that was."""
    villages = answers[answers["entity_type"] == "village"].drop_duplicates(
        ["entity_id", "quarter"], keep="last"
    )
    merged = entities[["entity_id", "quarter"]].merge(
        villages[["entity_id", "quarter", "disposition", "answered_quarter"]],
        on=["entity_id", "quarter"],
        how="left",
    )
    said = merged["disposition"].notna().to_numpy(dtype=bool)
    label = np.where(said, merged["disposition"].eq(CONFIRMED).to_numpy(dtype=float), np.nan)
    answered = merged["answered_quarter"].to_numpy(dtype=object).copy()
    answered[~said] = pd.Timestamp.max.date()
    return label, answered


def _weights(entities: pd.DataFrame) -> Floats:
    """How many each village stands for: a flagged one itself, another those that were not drawn."""
    is_flagged = entities["is_flagged"].to_numpy(dtype=bool)
    left = (~entities["is_flagged"].astype(bool)).groupby(entities["quarter"]).transform("sum")
    return np.where(is_flagged, 1.0, np.maximum(left.to_numpy(dtype=float) / AT_RANDOM, 1.0))


class _Learned:
    """Fit on answered leads; called with features, it returns their probabilities."""

    def __init__(self, features: Floats, label: Floats, weight: Floats, method: str) -> None:
        self._mean, self._scale = features.mean(axis=0), features.std(axis=0) + 1e-9
        scaled = self._scaled(features)
        weight = weight * len(weight) / weight.sum()

        def loss(beta: Floats) -> tuple[float, Floats]:
            score = scaled @ beta
            error = special.expit(score) - label
            ridge = PENALTY * np.append(beta[:-1], 0.0)
            value = (weight * (np.logaddexp(0.0, score) - label * score)).sum()
            return float(value + (ridge @ beta) / 2), scaled.T @ (weight * error) + ridge

        start = np.zeros(scaled.shape[1])
        self._beta = optimize.minimize(loss, start, jac=True, method="L-BFGS-B").x
        self._steps: tuple[Floats, Floats] | None = None
        if method == "isotonic":
            score = scaled @ self._beta
            order = np.argsort(score, kind="stable")
            fitted = optimize.isotonic_regression(label[order], weights=weight[order]).x
            self._steps = score[order], np.clip(fitted, 0.01, 0.99)

    def __call__(self, features: Floats) -> Floats:
        score = self._scaled(features) @ self._beta
        if self._steps is not None:
            return np.interp(score, *self._steps)
        return np.asarray(special.expit(score), dtype=np.float64)

    def _scaled(self, features: Floats) -> Floats:
        centred = (features - self._mean) / self._scale
        return np.column_stack([centred, np.ones(len(features))])


def _reliability(
    quarter: object, method: str, expected: Floats, label: Floats
) -> list[dict[str, object]]:
    """Expected against confirmed shares by tenth, with Wilson's 95 % band."""
    known = np.isfinite(expected)
    place = np.minimum((expected[known] * _BINS).astype(int), _BINS - 1)
    rows = []
    for number in np.unique(place):
        members = place == number
        hits, leads = int(label[known][members].sum()), int(members.sum())
        band = stats.binomtest(hits, leads).proportion_ci(0.95, method="wilson")
        rows.append(
            {
                "quarter": quarter,
                "bin": int(number) + 1,
                "method": method,
                "labels": len(label),
                "leads": leads,
                "expected_share": float(expected[known][members].mean()),
                "confirmed_share": hits / leads,
                "lower": float(band.low),
                "upper": float(band.high),
            }
        )
    return rows


def reliability_plot(reliability: pd.DataFrame) -> str:
    """Draw the newest quarter's reliability as SVG: confirmed against expected, with bands."""
    size, edge = 320, 40
    side = size - 2 * edge

    def place(x: float, y: float) -> tuple[float, float]:
        return edge + x * side, size - edge - y * side

    (x0, y0), (x1, y1) = place(0, 0), place(1, 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" '
        'font-family="sans-serif" font-size="11">',
        f'<rect x="{x0}" y="{y1}" width="{side}" height="{side}" fill="none" stroke="#888"/>',
        f'<line x1="{x0}" y1="{y0}" x2="{x1}" y2="{y1}" stroke="#888" stroke-dasharray="4"/>',
        f'<text x="{size / 2}" y="{size - 8}" text-anchor="middle">预计属实比例 expected</text>',
        f'<text x="12" y="{size / 2}" text-anchor="middle" '
        f'transform="rotate(-90 12 {size / 2})">核实属实比例 confirmed</text>',
    ]
    newest = reliability[reliability["quarter"] == reliability["quarter"].max()]
    for row in newest.itertuples():
        x, y = place(row.expected_share, row.confirmed_share)
        low, high = place(0, row.lower)[1], place(0, row.upper)[1]
        parts.append(
            f'<line x1="{x:.1f}" y1="{low:.1f}" x2="{x:.1f}" y2="{high:.1f}" stroke="#036"/>'
        )
        dot = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="#036">'
        parts.append(f"{dot}<title>{row.leads}</title></circle>")
    return "\n".join([*parts, "</svg>", ""])
