"""Which villages auditors should visit in a quarter.

Most by score, some by the yuan at stake, and some drawn at random from those that nothing points
to: without these nobody would ever learn what the guard misses, and its calibration would rest on
what it already suspects.
"""

import hashlib
import hmac

import pandas as pd

BY_SCORE, BY_YUAN, AT_RANDOM = 38, 5, 7
"""Visits per quarter: fifty in all."""

COLUMNS = ("quarter", "position", "village_code", "county_code", "selection")


def audit_list(entities: pd.DataFrame, secret: bytes) -> pd.DataFrame:
    """Return the villages to visit, one row per quarter and position.

    The draw is a function of the deployment's secret, quarter and village alone: the deployment can
    repeat it, nobody else can foresee it, and a village that joins or leaves changes no other lot.
    """
    salt = hmac.digest(secret, b"audit list", "sha256")
    villages = entities[entities["entity_type"] == "village"]
    villages = villages.assign(lot=_lots(villages, salt))
    lists = [_of_quarter(members) for _, members in villages.groupby("quarter", sort=True)]
    if not lists:
        return pd.DataFrame(columns=list(COLUMNS))
    return pd.concat(lists, ignore_index=True)


def _of_quarter(villages: pd.DataFrame) -> pd.DataFrame:
    left = villages.sort_values("entity_id")
    chosen = []
    for selection, candidates, order, count in (
        ("score", lambda rows: rows[rows["risk_score"] > 0], "risk_score", BY_SCORE),
        ("yuan", lambda rows: rows[rows["expected_yuan"] > 0], "expected_yuan", BY_YUAN),
        ("random", lambda rows: rows[~rows["is_flagged"].astype(bool)], "lot", AT_RANDOM),
    ):
        ranked = candidates(left).sort_values(order, ascending=False, kind="stable")
        taken = ranked.head(count)
        chosen.append(taken.assign(selection=selection))
        left = left.drop(index=taken.index)
    found = pd.concat(chosen).rename(columns={"entity_id": "village_code"})
    found["position"] = range(1, len(found) + 1)
    return found[list(COLUMNS)]


def _lots(villages: pd.DataFrame, salt: bytes) -> list[str]:
    """A lot for each village and quarter, as good as random, the same each time."""
    pairs = zip(villages["quarter"], villages["entity_id"], strict=True)
    return [
        hmac.new(salt, f"{quarter} {village}".encode(), hashlib.sha256).hexdigest()
        for quarter, village in pairs
    ]
