"""Which way of making figures up explains what fired.

One way sets off several signals: figures that all grew by one factor also grew within a narrow
window, keep last year's order and lose their round numbers. Each row says which signals a
mechanism implies; the mechanism that explains most of what fired is named, by its own signal.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FIRED = 0.01
"""A signal at or below this p has its say when the mechanism of a flagged entity is named."""
_STRONGEST = 4.0


@dataclass(frozen=True)
class Mechanism:
    """One way of making figures up: signals that name it, and others that it sets off."""

    named_by: tuple[str, ...]
    sets_off: tuple[str, ...] = ()


MECHANISMS = (
    # Copies lie beside one another and break the order of last year; the row copied is often an
    # average one (spread) and last quarter's (repeats).
    Mechanism(("S11",), ("S6", "S7", "S12", "S1", "S2")),
    # All items times one factor: narrow growth, last year's order, no round numbers left, above
    # what the registers hold.
    Mechanism(("S3",), ("S4", "S5", "S13", "S10", "S1")),
    # Last year's figures again: growth of nothing is narrow too, and registers have moved on.
    Mechanism(("S6",), ("S4", "S5", "S13", "S1", "S2")),
    # Figures from nowhere: no memory of last year, none of the registers, and people invent round
    # ones, some twice.
    Mechanism(("S12",), ("S9", "S11", "S7", "S1", "S2")),
    # Drawn to the middle, households come to lie beside one another, in the order they had.
    Mechanism(("S7",), ("S11", "S13")),
    # Rounded figures repeat and coincide.
    Mechanism(("S9",), ("S6", "S11")),
    # One item times one factor.
    Mechanism(("S4", "S5"), ("S13", "S10", "S1")),
    Mechanism(("S2",), ("S1", "S4")),
    Mechanism(("S17",), ("S15",)),
    Mechanism(("S20",)),
    # All figures times one factor, whatever the registers say.
    Mechanism(("S10",), ("S1", "S13")),
    Mechanism(("S1",), ("S15",)),
    Mechanism(("S15",)),
    Mechanism(("S13",), ("S5", "S4")),
    Mechanism(("S14",)),
    Mechanism(("S8",)),
    Mechanism(("S18",)),
    Mechanism(("S19",)),
)


def leading_signals(p_values: Floats, signal_ids: list[str]) -> NDArray[np.object_]:
    """The signal that names the mechanism of each row; null where nothing is known.

    Each fired signal counts by −log10 p, no more than four, so that a signal whose p can be tiny
    does not silence three that agree. Where nothing fired the smallest p leads.
    """
    known = np.isfinite(p_values)
    strength = np.where(known, -np.log10(np.clip(p_values, 1e-300, 1.0)), 0.0)
    fired = np.where(known & (p_values <= FIRED), np.minimum(strength, _STRONGEST), 0.0)
    place = {signal: index for index, signal in enumerate(signal_ids)}

    best = np.zeros(len(p_values))
    leader = np.where(known.any(axis=1), strength.argmax(axis=1), -1)
    for mechanism in MECHANISMS:
        naming = [place[signal] for signal in mechanism.named_by if signal in place]
        implied = [place[signal] for signal in mechanism.sets_off if signal in place]
        if not naming:
            continue
        own = fired[:, naming]
        explained = own.sum(axis=1) + fired[:, implied].sum(axis=1)
        better = (own.max(axis=1) > 0) & (explained > best + 1e-9)
        best[better] = explained[better]
        leader[better] = np.asarray(naming)[strength[better][:, naming].argmax(axis=1)]
    names = np.asarray([*signal_ids, None], dtype=object)
    return np.asarray(names[leader])
