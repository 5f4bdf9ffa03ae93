select
    indicator_id,
    measure_no,
    title_zh,
    title_en,
    unit_zh,
    aggregation,
    calendar,
    claim_dataset,
    record_dataset,
    is_on_roster,
    is_working_age,
    is_scaled,
    is_by_county,
    formula,
    plan_quote
from {{ ref('indicators') }}
