"""Placebo in time: own history minus now, judged by the same comparison in earlier quarters.

Honest villages differ persistently, so levels say
little. Each quarter is first centred on its county's (or the region's) median, so a shock that all
share is nobody's alarm. The same difference in earlier quarters, each quarter against all the
others, gives the placebo: it carries heavy tails, drift and seasons that no formula knows. Both are
put on one scale: by a power of the sample size, because small villages move more, and by each
quarter's own spread (median absolute deviation), because some quarters are noisier.

A change can be certain and of no consequence: where the catalogue states the smallest change that
an auditor would act on, a value is tested for lying further than that above its own history.
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
FEWEST_NEIGHBOURS = 4
"""Entities of a county of which a common move can be told from each one's own."""
_MEDIAN_VARIANCE = np.pi / 2
_SHRINKAGE = 30.0
"""A county's spread counts as much as the region's when it has this many entities."""


@dataclass(frozen=True)
class Judgement:
    """One panel in one quarter, per entity; null where not assessed."""

    p_value: Floats
    """Of a change beyond the one that is immaterial."""
    p_of_any_change: Floats
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
    """The change beyond the immaterial, in those units."""


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
    immaterial: Floats,
) -> Judgement:
    """Judge one quarter by the quarters before it; later ones are never looked at.

    ``in_baseline`` says which earlier cells an entity's own history may use, ``in_placebo`` which
    may stand for honest change, ``immaterial`` how much of each value is of no consequence.
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
    spread, unscaled = _spread(moves, sizes, counties)
    standard = moves / spread
    common = _common_moves(standard, counties, sampling_error=float(not unscaled))
    standard -= common
    now, placebo = standard[:, -1], standard[:, :-1]

    unit = spread[:, -1] * stretch
    beyond = now - immaterial / unit
    p_value, p_of_any, quantile = np.full((3, count_of_entities), np.nan)
    size = np.zeros(count_of_entities, dtype=np.int64)
    is_county = np.zeros(count_of_entities, dtype=bool)
    for members, tail in _strata(placebo, counties):
        whole = members.all()
        chosen = members & (size == 0)
        p_value[chosen] = _p_of_others(tail, beyond, chosen)
        p_of_any[chosen] = tail.p_values(now[chosen])
        quantile[chosen] = tail.quantile(TAIL_FROM)
        size[chosen] = len(tail.ordered)
        is_county[chosen] = not whole
    expected = baseline + common[:, -1] * unit
    return Judgement(
        p_value,
        p_of_any,
        own_history=expected,
        change=centred[:, quarter] - expected,
        null_quantile=quantile * unit,
        placebo_size=size,
        is_county_stratum=is_county,
        has_history=has_history,
        unit=unit,
        standardised=beyond,
    )


def _p_of_others(tail: Tail, values: Floats, chosen: Flags) -> Floats:
    """Every entity's p; one that stands in the tail itself is judged by the others' tail."""
    p_value = tail.p_values(values)
    for place in np.flatnonzero(chosen & (values > tail.start)):
        if place < len(tail.largest) and np.isfinite(tail.largest[place]):
            p_value[place] = tail.p_of_owner(float(values[place]), int(place))
    return np.asarray(p_value[chosen])


def _strata(placebo: Floats, counties: NDArray[np.int64]) -> list[tuple[Flags, Tail]]:
    """The region, and before it each county whose honest changes are plainly wilder.

    Spread is already a county's own; what is left to a stratum is the shape of its tail. A large
    placebo fixes that far better than a small one, so a county stands alone only where it passes
    the region's 99th percentile two and a half times as often as it should.
    """
    known = np.isfinite(placebo)
    owners = np.broadcast_to(np.arange(len(placebo))[:, None], placebo.shape)
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
            found.append((members, fit_tail(cells, owners[members][known[members]])))
    return [*found, (np.ones(len(placebo), dtype=bool), fit_tail(region, owners[known]))]


def _common_moves(standard: Floats, counties: NDArray[np.int64], sampling_error: float) -> Floats:
    """What a quarter did to everybody, and beyond it to a county: a register that came late.

    A county's median counts by what it exceeds chance (James & Stein's positive part): a few
    entities that stray together by chance keep their own moves.
    """
    region = np.tile(_median(standard, axis=0), (len(standard), 1))
    common = region.copy()
    for county in np.unique(counties):
        members = counties == county
        if members.all():
            continue
        beyond = standard[members] - region[members]
        count = np.isfinite(beyond).sum(axis=0)
        shift = np.nan_to_num(_median(beyond, axis=0))
        chance = sampling_error * _MEDIAN_VARIANCE / np.maximum(count, 1)
        kept = np.clip(1 - 2 * chance / np.maximum(shift**2, 1e-12), 0.0, 1.0)
        common[members] += np.where(count >= FEWEST_NEIGHBOURS, kept * shift, 0.0)
    return common


def _spread(moves: Floats, sizes: Floats, counties: NDArray[np.int64]) -> tuple[Floats, bool]:
    """What one unit is in each cell: quarter's spread × a power of the sample size.

    And whether most do not move at all, so that there is no spread and one unit is one.
    """
    power = _size_power(moves, sizes)
    with np.errstate(divide="ignore", invalid="ignore"):
        by_size = np.where(sizes > 0, sizes, np.nan) ** power
    scaled = moves / by_size
    region = _deviation(scaled)
    if not np.all(region[np.isfinite(region)] > 0):  # most do not move at all
        return np.ones_like(moves), True
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
    return spread * by_size, False


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
    """Median of what is known, null where nothing is.

    NumPy's own nanmedian takes a detour over masked arrays that costs most of the guard's time.
    """
    ordered = np.sort(values, axis=axis)  # unknown values come last
    known = np.isfinite(values).sum(axis=axis, keepdims=True)
    if values.shape[axis] == 0:
        return np.full(known.squeeze(axis).shape, np.nan)
    low = np.take_along_axis(ordered, np.maximum(known - 1, 0) // 2, axis)
    high = np.take_along_axis(ordered, np.minimum(known // 2, values.shape[axis] - 1), axis)
    middle = np.where(known > 0, (low + high) / 2, np.nan)
    return np.asarray(middle.squeeze(axis))
