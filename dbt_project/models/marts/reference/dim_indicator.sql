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
    plan_quote
from {{ ref('indicators') }}
