"""Counts judged by a beta-binomial null: how many households of an honest village would do so.

The rate and how much it differs between entities are fitted on all entities up to the quarter,
leaving out those under a flag and, step by step, those that the fit itself finds too high. An
entity's own earlier rate shifts what is expected of it, by as much as own history has predicted
in other entities (empirical Bayes): a rate that has always been high is no alarm, a jump is. An
entity without history is judged against the others alone.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from orchestration.forensics.panels import Flags, Floats

SMALLEST_POOL = 30
"""Entity-quarters below which no rate is fitted."""
FEWEST_EVENTS = 3.0
"""A rate of which nothing was seen is taken as this many events (rule of three, 95 %)."""
LEAST_OVERDISPERSION = 0.01
"""Households of one village are never quite independent: they share rules, employers, a clerk."""
_TRIMMED = 0.9
_EXCLUDED_BELOW = 0.0001
_ROUNDS = 8
_WORTHS = (0.0, 5.0, 10.0, 20.0, 40.0, 80.0, 160.0, 320.0, 640.0)
"""Households of this quarter that an entity's whole history may be worth."""


@dataclass(frozen=True)
class Judgement:
    """One panel in one quarter, per entity; null where not assessed."""

    p_value: Floats
    half_step: Floats
    """Half the probability of the very count: the p-value stands for this much to either side."""
    own_history: Floats
    base_rate: float
    pool_size: int
    has_history: Flags


def judge(
    successes: Floats,
    sample_size: Floats,
    quarter: int,
    *,
    in_baseline: Flags,
    in_pool: Flags,
    minimum_history: NDArray[np.int64],
    trusts_history: Flags,
    follows_others: bool = True,
) -> Judgement:
    """Judge one quarter by the others in it and by all earlier quarters.

    Cells that are not to be used hold null. ``trusts_history`` marks entities whose earlier rate
    auditors have explained: it counts in full. ``follows_others`` says whether an own rate is
    expected to rise and fall with that of all others, or to stay what it is.
    """
    entities = len(successes)
    hits, trials = successes[:, : quarter + 1], sample_size[:, : quarter + 1]
    known = np.isfinite(hits) & np.isfinite(trials) & (trials > 0)
    pool = known & in_pool[:, : quarter + 1]
    usable = known[:, :quarter] & in_baseline[:, :quarter]
    length = usable.sum(axis=1)
    has_history = length >= minimum_history
    nothing = np.full(entities, np.nan)
    if pool.sum() < SMALLEST_POOL:
        return Judgement(nothing, nothing, nothing, np.nan, int(pool.sum()), has_history)

    rates, concentration, ordinary = _fit(hits, trials, pool)
    safe_hits, safe_trials = np.where(known, hits, 0.0), np.where(known, trials, 0.0)
    past_hits, past_trials = _history(
        safe_hits, safe_trials, usable, rates if follows_others else np.ones_like(rates)
    )
    worth = _history_worth(
        safe_hits, safe_trials, ordinary, past_hits, past_trials, rates, concentration
    )
    weight = _weight(past_trials[:, quarter], np.where(trusts_history, _WORTHS[-1], worth))
    alpha = rates[quarter] * concentration + weight * past_hits[:, quarter]
    beta = (1 - rates[quarter]) * concentration + weight * (
        past_trials[:, quarter] - past_hits[:, quarter]
    )
    now_known = known[:, quarter] & has_history
    p_value, half_step = np.where(
        now_known, mid_p(safe_hits[:, quarter], safe_trials[:, quarter], alpha, beta), np.nan
    )
    with np.errstate(invalid="ignore", divide="ignore"):
        own = np.where(
            past_trials[:, quarter] > 0, past_hits[:, quarter] / past_trials[:, quarter], np.nan
        )
    return Judgement(p_value, half_step, own, float(rates[quarter]), int(pool.sum()), has_history)


def mid_p(hits: Floats, trials: Floats, alpha: Floats, beta: Floats) -> tuple[Floats, Floats]:
    """P(more) + P(equal)/2 under a beta-binomial, and that half.

    The half keeps p-values of counts near uniform, which false-discovery control needs.
    """
    hits, trials = np.round(hits), np.round(trials)
    whole = special.betaln(alpha, beta)
    term = np.exp(special.betaln(alpha, beta + trials) - whole)
    p_value, half = 1 - np.where(hits == 0, term / 2, term), term / 2
    # Sum from nothing upwards; only entities with more hits than ``step`` go on.
    going = np.flatnonzero(hits > 0)
    term = term[going]
    step = 0
    while len(going):
        n, k = trials[going], hits[going]
        term = term * (n - step) * (alpha[going] + step)
        term /= (step + 1) * (beta[going] + n - step - 1)
        step += 1
        p_value[going] -= np.where(k == step, term / 2, term)
        half[going] = term / 2
        still = k > step
        going, term = going[still], term[still]
    # What is left of one has lost its digits where it is small: sum those from the top.
    for place in np.flatnonzero(p_value < 1e-6):
        counts = np.arange(hits[place], trials[place] + 1)
        n, a, b = trials[place], alpha[place], beta[place]
        log_choose = (
            special.gammaln(n + 1) - special.gammaln(counts + 1) - special.gammaln(n - counts + 1)
        )
        mass = np.exp(log_choose + special.betaln(counts + a, n - counts + b) - whole[place])
        p_value[place] = mass.sum() - mass[0] / 2
    return np.clip(p_value, 1e-300, 1.0), half


def _fit(hits: Floats, trials: Floats, pool: Flags) -> tuple[Floats, float, Flags]:
    """Each quarter's rate and the concentration α+β, and the cells that the fit finds ordinary."""
    share = np.divide(hits, trials, out=np.zeros_like(hits), where=pool)
    cut = float(np.quantile(share[pool], _TRIMMED))
    # One household more than the cut: where almost nobody does so, a single one is ordinary.
    kept = pool & (hits <= cut * trials + 1)
    rates, concentration = _moments(hits, trials, kept)
    for _ in range(_ROUNDS):
        expected = np.broadcast_to(rates, hits.shape)[pool]
        p_values, _ = mid_p(
            hits[pool], trials[pool], expected * concentration, (1 - expected) * concentration
        )
        ordinary = np.zeros_like(pool)
        ordinary[pool] = p_values > _EXCLUDED_BELOW
        if (ordinary == kept).all():
            break
        kept = ordinary
        rates, concentration = _moments(hits, trials, kept)
    return rates, concentration, kept


def _moments(hits: Floats, trials: Floats, kept: Flags) -> tuple[Floats, float]:
    """Rates by quarter, drawn to the common rate, and the concentration by Pearson's chi-square."""
    counted, total = np.where(kept, hits, 0.0), np.where(kept, trials, 0.0)
    all_trials = max(float(total.sum()), 1.0)
    common = max(float(counted.sum()), FEWEST_EVENTS) / all_trials
    # Each quarter's rate borrows ten expected events from the common rate.
    borrowed = 10.0 / common
    rates = np.clip((counted.sum(axis=0) + 10.0) / (total.sum(axis=0) + borrowed), 1e-12, 0.999)
    rate = np.broadcast_to(rates, hits.shape)[kept]
    size = trials[kept]
    chi_square = float(
        ((hits[kept] - size * rate) ** 2 / np.maximum(size * rate * (1 - rate), 1e-12)).sum()
    )
    overdispersion = (chi_square - len(size)) / max(float((size - 1).sum()), 1.0)
    overdispersion = min(max(overdispersion, LEAST_OVERDISPERSION), 0.99)
    return rates, 1 / overdispersion - 1


def _history(hits: Floats, trials: Floats, usable: Flags, rates: Floats) -> tuple[Floats, Floats]:
    """Own earlier hits and trials before each quarter, on that quarter's level of rates."""
    before = np.zeros_like(hits)
    size = np.zeros_like(trials)
    for now in range(1, hits.shape[1]):
        factor = np.clip(rates[now] / rates[:now], 0.2, 5.0)
        mask = usable[:, :now]
        size[:, now] = (trials[:, :now] * mask).sum(axis=1)
        before[:, now] = np.minimum(
            (hits[:, :now] * mask * factor).sum(axis=1), 0.98 * size[:, now]
        )
    return before, size


def _weight(past_trials: Floats, worth: Floats | float) -> Floats:
    """The share of own history that counts, so that it is worth at most ``worth`` households."""
    return np.minimum(worth / np.maximum(past_trials, 1.0), 1.0)


def _history_worth(
    hits: Floats,
    trials: Floats,
    ordinary: Flags,
    past_hits: Floats,
    past_trials: Floats,
    rates: Floats,
    concentration: float,
) -> float:
    """How many households own history is worth: the number that predicted quarters best.

    Where rates wander from quarter to quarter, the past is worth little however long it is.
    """
    cells = ordinary & (past_trials > 0)
    if cells.sum() < SMALLEST_POOL:
        return 0.0
    rate = np.broadcast_to(rates, hits.shape)[cells]
    k, n, before, size = hits[cells], trials[cells], past_hits[cells], past_trials[cells]
    best, best_fit = 0.0, -np.inf
    for worth in _WORTHS:
        weight = _weight(size, worth)
        alpha = rate * concentration + weight * before
        beta = (1 - rate) * concentration + weight * (size - before)
        likelihood = special.betaln(k + alpha, n - k + beta) - special.betaln(alpha, beta)
        fit = float(likelihood.mean())
        if fit > best_fit:
            best, best_fit = worth, fit
    return best
