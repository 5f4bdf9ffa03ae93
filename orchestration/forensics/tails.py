"""The tail of a null distribution: how rare a value is among placebo values."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

TAIL_FROM = 0.95
"""Above this quantile a generalized Pareto tail replaces counting."""
SMALLEST_TAIL = 25
"""Exceedances that the fit of a tail needs; a small placebo starts its tail lower to have them."""
CAUTION = 0.5
"""Standard errors by which the fitted shape is raised, as a tail is asked beyond its data."""
_LARGEST_SHAPE = 0.9


@dataclass(frozen=True)
class Tail:
    """A placebo's distribution, ordered, with a generalized Pareto tail.

    ``largest`` is what each owner contributes beyond the start, -inf for nothing; empty where
    values have no owner.
    """

    ordered: Floats
    start: float
    share: float
    scale: float
    shape: float
    largest: Floats

    def p_values(self, values: Floats) -> Floats:
        """One-sided p of each value; null values stay null.

        Counting up to the tail, ``(1 + placebo at or above) / (1 + placebo)``; beyond it the
        fitted tail, never above what counting would give at the tail's start.
        """
        size = len(self.ordered)
        above = size - np.searchsorted(self.ordered, values, side="left")
        counted = (1.0 + above) / (1.0 + size)
        excess = np.maximum(values - self.start, 0.0) / self.scale
        if self.shape > 0:
            survival = (1 + self.shape * excess) ** (-1 / self.shape)
        else:
            survival = np.exp(-excess)
        result = np.where(values > self.start, self.share * survival, counted)
        return np.where(np.isnan(values), np.nan, np.minimum(result, 1.0))

    def p_of_owner(self, value: float, owner: int) -> float:
        """The p of an owner's value: nobody is measured against himself."""
        others = self.largest.copy()
        others[owner] = -np.inf
        excess = np.sort(others[np.isfinite(others)])
        if len(excess) < SMALLEST_TAIL:
            return float(self.p_values(np.array([value]))[0])
        scale, shape = _fit(excess)
        tail = Tail(self.ordered, self.start, self.share, scale, shape, others)
        return float(tail.p_values(np.array([value]))[0])

    def quantile(self, level: float) -> float:
        """The placebo's own quantile."""
        return float(np.quantile(self.ordered, level))


def fit_tail(placebo: Floats, owners: NDArray[np.int64] | None = None) -> Tail:
    """Fit the tail, see ``_fit``.

    ``owners`` says whose each value is. One lasting change shows in several quarters; it happened
    once, so of each owner the largest value beyond the tail's start stands for all.
    """
    size = len(placebo)
    ordered = np.sort(placebo)
    beyond = max(round((1 - TAIL_FROM) * size), min(SMALLEST_TAIL, size // 5))
    start = float(ordered[size - beyond - 1])
    excess = ordered[size - beyond :] - start
    largest = np.empty(0)
    if owners is not None:
        is_beyond = placebo > start
        largest = np.full(int(owners.max()) + 1, -np.inf)
        np.maximum.at(largest, owners[is_beyond], placebo[is_beyond] - start)
        if is_beyond.any():
            excess = np.sort(largest[np.isfinite(largest)])
    if excess.max() <= 0.0:  # ties at the top: counting is all there is, however far beyond them
        return Tail(ordered, float(ordered[-1]), 1.0 / (1 + size), np.inf, 0.0, np.empty(0))
    return Tail(ordered, start, (1.0 + beyond) / (1.0 + size), *_fit(excess), largest)


def _fit(excess: Floats) -> tuple[float, float]:
    """Scale and shape by probability-weighted moments (Hosking & Wallis 1987), shape at least 0.

    The shape is raised by half its standard error: honest worlds keep their false alarms, and
    recall falls little (docs/explanation/guard-nulls.md).
    """
    count = len(excess)
    mean = float(excess.mean())
    weights = 1 - (np.arange(1, count + 1) - 0.35) / count
    weighted = float((weights * excess).mean())
    shape = min(max(2 - mean / (mean - 2 * weighted), 0.0), _LARGEST_SHAPE)
    scale = mean * (1 - shape)
    return scale, min(shape + CAUTION * (1 + shape) / np.sqrt(count), _LARGEST_SHAPE)
