"""What the detector's word was worth: figures from villages' rows that hold both word and truth.

All functions take rows of ``worlds.run_world``. A village-quarter is *made up* where a fabrication
is at work, and *flagged* where its wording is 核查 or 重点核查. A village is *found* if it is
flagged in a quarter in which it is made up. Everything else that is flagged is a false alarm,
honest look-alikes included, and so are the honest quarters of a village that fabricates later.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

TOP = 50
NOT_OF_A_VILLAGE = ("county_overstated",)
"""Done to a whole county: judged there, and no village alone can be expected to show it."""
CALIBRATION_BINS = (0.0, 0.5, 0.9, 0.95, 0.99, 1.0001)


def wilson(found: int, of: int) -> tuple[float | None, float | None]:
    """Wilson's 95 % band of a share; null of nothing."""
    if of == 0:
        return None, None
    band = stats.binomtest(int(found), int(of)).proportion_ci(0.95, method="wilson")
    return float(band.low), float(band.high)


def found_villages(villages: pd.DataFrame) -> pd.DataFrame:
    """One row per fabricating village: whether it is found, when, how it is named, how strongly.

    ``first_made_up`` and ``first_flagged`` are quarters, ``quarters_late`` how many later the flag
    came; ``is_named`` is null where it is not found or no mechanism is expected. ``best_p`` is the
    smallest combined p while made up, ``share_assessed`` of those quarters.
    """
    rows = []
    for code, village in villages[villages["is_made_up"]].groupby("village_code", sort=True):
        flagged = village[village["is_flagged"]].sort_values("quarter")
        mechanism = village["expected_mechanism"].iloc[0]
        named = flagged["mechanism"].mode()
        first = village["quarter"].min()
        rows.append(
            {
                "village_code": code,
                "type": village["type"].iloc[0],
                "dose": village["dose"].iloc[0],
                "expected_mechanism": mechanism,
                "first_made_up": first,
                "is_found": len(flagged) > 0,
                "first_flagged": flagged["quarter"].min() if len(flagged) else None,
                "quarters_late": _quarters(first, flagged["quarter"].min())
                if len(flagged)
                else None,
                "mechanism": named.iloc[0] if len(named) else None,
                "is_named": bool(named.iloc[0] == mechanism)
                if len(named) and mechanism is not None
                else None,
                "best_p": village["combined_p"].min(),
                "share_assessed": (village["families_assessed"].fillna(0) > 0).mean(),
                "households": village["households"].max(),
                "net_income_overstated": village["net_income_overstated"].max(),
                "overstated_found": flagged["net_income_overstated"].max() if len(flagged) else 0.0,
            }
        )
    return pd.DataFrame(rows)


def _quarters(first: object, later: object) -> int:
    a, b = pd.Timestamp(first), pd.Timestamp(later)  # type: ignore[arg-type]
    return (b.year - a.year) * 4 + (b.month - a.month) // 3


def recall(found: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Villages, how many are found, the share with its band, and how many are named rightly."""
    rows = []
    for key, group in found.groupby(by, sort=True):
        hits = int(group["is_found"].sum())
        low, high = wilson(hits, len(group))
        named = group["is_named"].dropna()
        rows.append(
            {
                **dict(zip(by, key if isinstance(key, tuple) else (key,), strict=True)),
                "villages": len(group),
                "found": hits,
                "recall": hits / len(group),
                "low": low,
                "high": high,
                "named": int(named.sum()),
                "nameable": len(named),
                "median_quarters_late": group["quarters_late"].median(),
                "share_assessed": group["share_assessed"].mean(),
            }
        )
    return pd.DataFrame(rows)


def false_discovery(villages: pd.DataFrame) -> dict[str, float | int]:
    """Share of one world's flags that are false: of flagged village-quarters and of villages."""
    flagged = villages[villages["is_flagged"]]
    by_village = flagged.groupby("village_code")["is_made_up"].max()
    return {
        "flags": len(flagged),
        "false_flags": int((~flagged["is_made_up"]).sum()),
        "share": float((~flagged["is_made_up"]).mean()) if len(flagged) else 0.0,
        "villages": len(by_village),
        "false_villages": int((~by_village.astype(bool)).sum()),
        "share_of_villages": float((~by_village.astype(bool)).mean()) if len(by_village) else 0.0,
    }


def honest_alarms(villages: pd.DataFrame) -> pd.DataFrame:
    """Alarms of honest villages by look-alike group (``ordinary`` for none).

    ``alarms_per_1000`` counts village-quarters; ``share`` the villages ever flagged, with its band.
    """
    honest = villages[villages["kind"] != "fabrication"]
    group = honest["type"].where(honest["kind"].eq("look_alike"), "ordinary")
    rows = []
    for name, members in honest.groupby(group, sort=True):
        ever = members.groupby(["world", "village_code"])["is_flagged"].max()
        low, high = wilson(int(ever.sum()), len(ever))
        rows.append(
            {
                "group": name,
                "villages": len(ever),
                "village_quarters": len(members),
                "alarms": int(members["is_flagged"].sum()),
                "alarms_per_1000": 1000 * members["is_flagged"].mean(),
                "villages_flagged": int(ever.sum()),
                "share": ever.mean(),
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(rows)


def ranking(villages: pd.DataFrame) -> dict[str, float | int | None]:
    """How good the order of a world's newest quarter is, by risk score.

    Precision at k, k being 50 or as many as are made up, if fewer; its lift over the share made up;
    the average precision (area under precision and recall).
    """
    newest = villages[villages["quarter"] == villages["quarter"].max()]
    # Villages of a county that overstates as a whole are no village's list.
    newest = newest[~newest["type"].isin(NOT_OF_A_VILLAGE)]
    truth = newest["is_made_up"].to_numpy(dtype=bool)
    score = newest["risk_score"].fillna(0.0).to_numpy(dtype=float)
    order = np.argsort(-score, kind="stable")
    hit = truth[order]
    positive = int(truth.sum())
    k = min(TOP, positive)
    if k == 0:
        return dict.fromkeys(("k", "precision", "lift", "average_precision"))
    rank = np.arange(1, len(hit) + 1)
    precision = float(hit[:k].mean())
    return {
        "k": k,
        "precision": precision,
        "lift": precision / (positive / len(hit)),
        "average_precision": float((np.cumsum(hit) / rank)[hit].sum() / positive),
    }


def yuan(found: pd.DataFrame) -> dict[str, float]:
    """Overstated yuan at their highest in each village, and those of villages that are found."""
    planted = float(found["net_income_overstated"].clip(lower=0).sum())
    got = float(found["overstated_found"].clip(lower=0).sum())
    return {"planted": planted, "found": got, "share": got / planted if planted else np.nan}


def calibration(villages: pd.DataFrame) -> pd.DataFrame:
    """Of flagged village-quarters: what 1 - q promises, and how many are made up."""
    flagged = villages[villages["is_flagged"] & villages["q_value"].notna()]
    expected = 1 - flagged["q_value"].astype(float)
    rows = []
    for group, members in flagged.groupby(
        pd.cut(expected, CALIBRATION_BINS, right=False), observed=True
    ):
        low, high = wilson(int(members["is_made_up"].sum()), len(members))
        rows.append(
            {
                "expected_from": group.left,
                "flags": len(members),
                "expected": float(expected[members.index].mean()),
                "observed": float(members["is_made_up"].mean()),
                "low": low,
                "high": high,
            }
        )
    return pd.DataFrame(rows)


def spread(values: Iterable[float | None]) -> dict[str, float]:
    """Mean, median and 90th percentile over worlds."""
    numbers = np.array([value for value in values if value is not None], dtype=float)
    if not len(numbers):
        return {"mean": np.nan, "median": np.nan, "p90": np.nan}
    return {
        "mean": float(numbers.mean()),
        "median": float(np.median(numbers)),
        "p90": float(np.quantile(numbers, 0.9)),
    }
