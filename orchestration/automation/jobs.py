"""The jobs: which assets run together."""

import dagster as dg

RECEIVE = "receive"
QUARTERLY = "quarterly"
PUBLISH = "publish"

_RECEIVED = dg.AssetSelection.assets("received_submissions")
_INGESTED = dg.AssetSelection.key_prefixes("lake")

JOBS = (
    dg.define_asset_job(
        RECEIVE,
        selection=_RECEIVED,
        description="收件 — take in what lies in the inbox; nothing is judged yet.",
    ),
    dg.define_asset_job(
        QUARTERLY,
        selection=dg.AssetSelection.all() - _RECEIVED,
        description=(
            "审核、计算、检查、发布 — judge the submissions of some quarters, compute every figure "
            "anew, check it, publish it."
        ),
    ),
    dg.define_asset_job(
        PUBLISH,
        selection=dg.AssetSelection.all() - _RECEIVED - _INGESTED,
        description=(
            "计算、检查、发布 — compute, check and publish from rows that are already judged."
        ),
    ),
)
