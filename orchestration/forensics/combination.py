"""From many p-values to one: within a family, across families, over villages and for a county."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Floats = NDArray[np.float64]

LARGEST_P = 0.9
"""p-values are capped here before they are combined: one near 1 would drown all the others."""


def false_discovery(p_values: Floats, method: str = "bh") -> Floats:
    """Benjamini–Hochberg (``bh``) or –Yekutieli (``by``) q-values; null stays null."""
    q_values = np.full(len(p_values), np.nan)
    known = np.isfinite(p_values)
    if known.any():
        q_values[known] = stats.false_discovery_control(p_values[known], method=method)
    return q_values


def smallest(p_values: Floats) -> Floats:
    """Smallest p of each row times how many are known (Bonferroni); null where none is known."""
    count = np.isfinite(p_values).sum(axis=1)
    least = np.min(np.where(np.isfinite(p_values), p_values, np.inf), axis=1, initial=np.inf)
    return np.where(count > 0, np.minimum(least * np.maximum(count, 1), 1.0), np.nan)


def cauchy(p_values: Floats) -> Floats:
    """Cauchy combination of each row (Liu & Xie 2020), p capped; null where none is known."""
    known = np.isfinite(p_values)
    count = known.sum(axis=1)
    capped = np.clip(np.where(known, p_values, LARGEST_P), 1e-300, LARGEST_P)
    # tan((1/2 - p)π) loses all digits for a tiny p, where it is 1/(pπ).
    angle = np.where(
        capped < 1e-8, 1 / (capped * np.pi), np.tan((0.5 - np.maximum(capped, 1e-8)) * np.pi)
    )
    mean = np.where(known, angle, 0.0).sum(axis=1) / np.maximum(count, 1)
    combined = np.where(
        mean > 1e8, 1 / (np.maximum(mean, 1.0) * np.pi), 0.5 - np.arctan(mean) / np.pi
    )
    return np.where(count > 0, np.clip(combined, 1e-300, 1.0), np.nan)


def higher_criticism(p_values: Floats) -> float:
    """Donoho & Jin's higher criticism over the lower half, p above 1/n only."""
    ordered = np.sort(p_values)
    size = len(ordered)
    rank = np.arange(1, size + 1)
    looked_at = (rank <= max(size // 2, 1)) & (ordered > 1 / size)
    if not looked_at.any():
        return 0.0
    p, share = ordered[looked_at], rank[looked_at] / size
    return float((np.sqrt(size) * (share - p) / np.sqrt(p * (1 - p) + 1e-12)).max())


@lru_cache(maxsize=4096)
def _criticism_of_chance(size: int) -> tuple[float, ...]:
    """Higher criticism of 2,000 draws of uniform p-values, ordered; the same draws every time."""
    draws = np.random.default_rng(size).random((2000, size))
    return tuple(sorted(higher_criticism(row) for row in draws))


def criticism_p(value: float, size: int) -> float:
    """How often chance alone gives a higher criticism as large."""
    chance = np.asarray(_criticism_of_chance(size))
    return float((1 + (chance >= value).sum()) / (1 + len(chance)))


def affected_share(p_values: Floats, cut: float = 0.5) -> float:
    """Storey's estimate of the share that is not honest; 0 where p-values are cautious."""
    if len(p_values) == 0:
        return 0.0
    honest = float((p_values > cut).sum()) / ((1 - cut) * len(p_values))
    return max(0.0, 1.0 - honest)
