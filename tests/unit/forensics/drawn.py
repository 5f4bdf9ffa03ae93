"""Statistics of made-up villages, drawn directly: what the signals would have measured."""

from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

QUARTERS = [date(2022 + (9 + 3 * i) // 12, (9 + 3 * i) % 12 + 1, 1) for i in range(13)]


def village_ids(count: int) -> list[str]:
    """Twelve-digit codes, spread over six counties."""
    return [f"64010{index * 6 // count}{index:06d}" for index in range(count)]


def catalogue(**null_models: str) -> pd.DataFrame:
    """A catalogue of the named signals, each a family of its own unless named ``family_x``."""
    return pd.DataFrame(
        [
            {
                "signal_id": signal_id,
                "family": {"S4": "growth", "S9": "shape", "S2": "evidence"}.get(signal_id, "copy"),
                "null_model": null_model,
                "minimum_sample": 20,
                "minimum_history": 2 if null_model == "placebo" else 0,
                "statistic_scale": "plain",
                "material_change": np.nan,
                "items_by_own_history": None,
                "role": "lead",
                "mechanism": f"mechanism_of_{signal_id}",
            }
            for signal_id, null_model in null_models.items()
        ],
        columns=[
            "signal_id", "family", "null_model", "minimum_sample", "minimum_history",
            "statistic_scale", "material_change", "items_by_own_history", "role", "mechanism",
        ],
    )  # fmt: skip


def rows(
    signal_id: str,
    statistic: NDArray[np.float64],
    *,
    sample_size: NDArray[np.float64] | int = 80,
    successes: NDArray[np.float64] | None = None,
    item: str = "",
) -> pd.DataFrame:
    """Rows of int_signal_statistics from a matrix of villages × quarters."""
    villages, quarters = statistic.shape
    ids = np.asarray(village_ids(villages), dtype=object)
    counted = np.full(statistic.shape, np.nan) if successes is None else successes
    return pd.DataFrame(
        {
            "signal_id": signal_id,
            "item": item,
            "entity_type": "village",
            "entity_id": np.repeat(ids, quarters),
            "county_code": np.repeat([name[:6] for name in ids], quarters),
            "quarter": np.tile(np.asarray(QUARTERS[:quarters], dtype=object), villages),
            "sample_size": np.broadcast_to(sample_size, statistic.shape).astype(np.int64).ravel(),
            "successes": counted.ravel(),
            "statistic": statistic.ravel(),
            "evidence_zh": "样例",
        }
    )


def nothing(*columns: str) -> pd.DataFrame:
    """A frame without rows."""
    return pd.DataFrame(columns=list(columns))


NO_RECORDS = nothing("entity_id", "quarter", "exact_findings")
NO_STAKES = nothing("entity_id", "quarter", "yuan_at_stake")
NO_ANSWERS = nothing("entity_type", "entity_id", "quarter", "disposition", "answered_quarter")
