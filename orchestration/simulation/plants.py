"""What is planted in which village: fabrications and their honest look-alikes.

The one place to add more: a fabrication is a function on the household report and a line in
``FABRICATIONS``, a look-alike a line in ``LOOK_ALIKES`` and an array of ``Planting`` that the
economy or the records obey. Labels go to ``truth/`` and nowhere else.
"""

from dataclasses import dataclass

import numpy as np


@dataclass
class Planting:
    """What the simulated truth of one county has to obey, by village."""

    flat_dividends: np.ndarray  # [village] fen per household and year, 0 for none
    late_payroll: np.ndarray  # [village, quarter] the quarter's last pay came a quarter later
    wage_award_year: np.ndarray  # [village] index of the year of one award for all, -1 for none
    award_growth: float


def no_planting(villages: int, quarters: int) -> Planting:
    """Return a planting that changes nothing."""
    return Planting(
        np.zeros(villages, dtype=np.int64),
        np.zeros((villages, quarters), dtype=bool),
        np.full(villages, -1),
        0.0,
    )
