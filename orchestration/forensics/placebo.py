"""Placebo in time: own history minus now, judged by the same comparison in earlier quarters.

Honest villages differ persistently, so levels say
little. Each quarter is first centred on its county's (or the region's) median, so a shock that all
share is nobody's alarm. The same difference in earlier quarters, each quarter against all the
others, gives the placebo: it carries heavy tails, drift and seasons that no formula knows. Both are
put on one scale: by a power of the sample size, because small villages move more, and by each
quarter's own spread (median absolute deviation), because some quarters are noisier.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orchestration.forensics.panels import Flags, Floats
from orchestration.forensics.tails import TAIL_FROM, Tail, fit_tail

SMALLEST_PLACEBO = 100
"""Placebo values below which nothing is said."""
COUNTY_PLACEBO = 500
"""Placebo values from which a county may be its own stratum; below, the region is."""
_RARE, _HEAVIER = 0.01, 2.5
COUNTY_ENTITIES = 20
"""Entities from which a county has a median of its own in a quarter."""
_SHRINKAGE = 30.0
"""A county's spread counts as much as the region's when it has this many entities."""


@dataclass(frozen=True)
class Judgement:
    """One panel in one quarter, per entity; null where not assessed."""

    p_value: Floats
    own_history: Floats
    """What own history leads to expect, on the centred scale."""
    change: Floats
    null_quantile: Floats
    placebo_size: NDArray[np.int64]
    is_county_stratum: Flags
    has_history: Flags
    unit: Floats
    """What one standardised unit is worth for the entity, in the statistic's own unit."""
    standardised: Floats


def centre(values: Floats, counties: NDArray[np.int64]) -> tuple[Floats, Floats]:
    """Subtract each quarter's median: the county's where it has enough entities.

    Returns the centred values and what was subtracted.
    """
    middle = np.tile(_median(values, axis=0), (len(values), 1))
    for county in np.unique(counties):
        members = counties == county
        enough = np.isfinite(values[members]).sum(axis=0) >= COUNTY_ENTITIES
        if enough.any():
            own = _median(values[np.ix_(members, enough)], axis=0)
            middle[np.ix_(members, enough)] = own
    return values - middle, middle


def judge(
    centred: Floats,
    sample_size: Floats,
    quarter: int,
    *,
    in_baseline: Flags,
    in_placebo: Flags,
    minimum_history: NDArray[np.int64],
    counties: NDArray[np.int64],
) -> Judgement:
    """Judge one quarter by the quarters before it; later ones are never looked at.

    ``in_baseline`` says which earlier cells an entity's own history may use, ``in_placebo`` which
    may stand for honest change.
    """
    count_of_entities = len(centred)
    earlier = centred[:, :quarter]
    usable = np.isfinite(earlier) & in_baseline[:, :quarter]
    known = np.where(usable, earlier, 0.0)
    length, total = usable.sum(axis=1), known.sum(axis=1)

    has_history = length >= np.maximum(minimum_history, 1)
    baseline = np.where(has_history, total / np.maximum(length, 1), np.nan)
    stretch = np.sqrt(1 + 1 / np.maximum(length, 1))
    change = centred[:, quarter] - baseline

    rest = length[:, None] - usable
    is_placebo = (
        np.isfinite(earlier)
        & in_placebo[:, :quarter]
        & (rest >= np.maximum(minimum_history[:, None] - 1, 1))
    )
    others = (total[:, None] - known) / np.maximum(rest, 1)
    past = np.where(is_placebo, (earlier - others) / np.sqrt(1 + 1 / np.maximum(rest, 1)), np.nan)

    moves = np.column_stack([past, change / stretch])
    sizes = sample_size[:, : quarter + 1]
    spread = _spread(moves, sizes, counties)
    standard = moves / spread
    common = _median(standard, axis=0)
    standard -= common
    now, placebo = standard[:, -1], standard[:, :-1]

    p_value, quantile = np.full((2, count_of_entities), np.nan)
    size = np.zeros(count_of_entities, dtype=np.int64)
    is_county = np.zeros(count_of_entities, dtype=bool)
    for members, tail in _strata(placebo, counties):
        whole = members.all()
        chosen = members & (size == 0)
        p_value[chosen] = tail.p_values(now[chosen])
        quantile[chosen] = tail.quantile(TAIL_FROM)
        size[chosen] = len(tail.ordered)
        is_county[chosen] = not whole
    unit = spread[:, -1] * stretch
    expected = baseline + common[-1] * unit
    return Judgement(
        p_value,
        own_history=expected,
        change=centred[:, quarter] - expected,
        null_quantile=quantile * unit,
        placebo_size=size,
        is_county_stratum=is_county,
        has_history=has_history,
        unit=unit,
        standardised=now,
    )


def _strata(placebo: Floats, counties: NDArray[np.int64]) -> list[tuple[Flags, Tail]]:
    """The region, and before it each county whose honest changes are plainly wilder.

    Spread is already a county's own; what is left to a stratum is the shape of its tail. A large
    placebo fixes that far better than a small one, so a county stands alone only where it passes
    the region's 99th percentile two and a half times as often as it should.
    """
    known = np.isfinite(placebo)
    region = placebo[known]
    if len(region) < SMALLEST_PLACEBO:
        return []
    rare = np.quantile(region, 1 - _RARE)
    found = []
    for county in np.unique(counties):
        members = counties == county
        cells = placebo[members][known[members]]
        if COUNTY_PLACEBO <= len(cells) < len(region) and (cells > rare).mean() > (
            _HEAVIER * _RARE
        ):
            found.append((members, fit_tail(cells)))
    return [*found, (np.ones(len(placebo), dtype=bool), fit_tail(region))]


def _spread(moves: Floats, sizes: Floats, counties: NDArray[np.int64]) -> Floats:
    """What one unit is in each cell: quarter's spread × a power of the sample size."""
    power = _size_power(moves, sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_size = np.where(sizes > 0, sizes, np.nan) ** power
    scaled = moves / by_size
    region = _deviation(scaled)
    if not np.all(region[np.isfinite(region)] > 0):  # most do not move at all: leave it unscaled
        return np.ones_like(moves)
    spread = np.tile(region, (len(moves), 1))
    for county in np.unique(counties):
        members = counties == county
        count = np.isfinite(scaled[members]).sum(axis=0)
        enough = count >= COUNTY_ENTITIES
        if not enough.any() or members.all():
            continue
        own = _deviation(scaled[np.ix_(members, enough)])
        weight = count[enough] / (count[enough] + _SHRINKAGE)
        region_there = region[enough]
        own = np.where(own > 0, own, region_there)
        spread[np.ix_(members, enough)] = own**weight * region_there ** (1 - weight)
    return spread * by_size


def _size_power(moves: Floats, sizes: Floats) -> float:
    """How the spread depends on sample size: 0 (not at all) to -1/2 (sampling noise alone).

    A straight line through log |move| on log size, each quarter about its own mean; the logarithm
    keeps a few large moves from deciding.
    """
    with np.errstate(divide="ignore", invalid="ignore"):
        height = np.log(np.abs(moves))
        width = np.log(sizes)
    known = np.isfinite(height) & np.isfinite(width)
    if known.sum() < SMALLEST_PLACEBO:
        return -0.5
    height, width = (_about_mean(values, known) for values in (height, width))
    variation = float((width**2).sum())
    if variation < 1e-9 * known.sum():
        return 0.0
    return min(max(float((width * height).sum()) / variation, -0.5), 0.0)


def _about_mean(values: Floats, known: Flags) -> Floats:
    inside = np.where(known, values, 0.0)
    mean = inside.sum(axis=0) / np.maximum(known.sum(axis=0), 1)
    return np.where(known, inside - mean, 0.0)


def _deviation(values: Floats) -> Floats:
    """Median absolute deviation of each column, as a normal's standard deviation."""
    return np.asarray(1.4826 * _median(np.abs(values - _median(values, axis=0)), axis=0))


def _median(values: Floats, axis: int) -> Floats:
    """Median that is null, without a warning, where nothing is known."""
    if values.size == 0 or np.isnan(values).all(axis=axis).any():
        filled = np.where(np.isnan(values).all(axis=axis, keepdims=True), 0.0, values)
        middle = np.nanmedian(filled, axis=axis)
        return np.asarray(np.where(np.isnan(values).all(axis=axis), np.nan, middle))
    return np.asarray(np.nanmedian(values, axis=axis))
