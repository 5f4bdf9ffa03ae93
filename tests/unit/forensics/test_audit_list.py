"""Who is visited: the suspicious, the expensive, and some at random."""

from datetime import date

import pandas as pd

from orchestration.forensics.audit_list import audit_list

SECRET = b"of this deployment"
QUARTER, NEXT = date(2024, 7, 1), date(2024, 10, 1)


def villages(count: int, quarter: date = QUARTER) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "entity_type": "village",
            "entity_id": [f"{index:012d}" for index in range(count)],
            "county_code": "640104",
            "quarter": quarter,
            "risk_score": [index / count for index in range(count)],
            "expected_yuan": [float(count - index) for index in range(count)],
            "is_flagged": [index >= count - 10 for index in range(count)],
        }
    )


def test_fifty_villages_by_score_by_yuan_and_at_random() -> None:
    chosen = audit_list(villages(300), SECRET)
    assert chosen["selection"].value_counts().to_dict() == {"score": 38, "yuan": 5, "random": 7}
    assert chosen["position"].tolist() == list(range(1, 51))
    assert not chosen["village_code"].duplicated().any()
    assert chosen.loc[chosen["selection"] == "score", "village_code"].iloc[0] == f"{299:012d}"
    assert set(chosen.loc[chosen["selection"] == "yuan", "village_code"]) == {
        f"{index:012d}" for index in range(5)
    }


def test_the_draw_is_repeatable_but_not_the_same_each_quarter() -> None:
    both = pd.concat([villages(300), villages(300, NEXT)], ignore_index=True)
    drawn = (
        audit_list(both, SECRET).query("selection == 'random'").groupby("quarter")["village_code"]
    )
    again = audit_list(both.sample(frac=1, random_state=1), SECRET).query("selection == 'random'")
    assert set(drawn.get_group(QUARTER)) == set(
        again.loc[again["quarter"] == QUARTER, "village_code"]
    )
    assert set(drawn.get_group(QUARTER)) != set(drawn.get_group(NEXT))


def test_the_draw_is_from_the_unflagged_only() -> None:
    few = villages(60).assign(is_flagged=True)
    few.loc[few.index[:2], "is_flagged"] = False
    few["expected_yuan"] = 0.0
    chosen = audit_list(few, SECRET)
    assert set(chosen.loc[chosen["selection"] == "random", "village_code"]) == {
        f"{index:012d}" for index in range(2)
    }


def test_a_region_smaller_than_the_list_is_listed_once() -> None:
    chosen = audit_list(villages(20), SECRET)
    assert len(chosen) == 20
    assert not chosen["village_code"].duplicated().any()


def test_who_does_not_know_the_secret_cannot_foresee_the_draw() -> None:
    drawn, elsewhere = (
        set(audit_list(villages(300), secret).query("selection == 'random'")["village_code"])
        for secret in (SECRET, b"of another")
    )
    assert drawn != elsewhere
