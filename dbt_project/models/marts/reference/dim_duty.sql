select
    duty_id,
    section,
    measure_no,
    kind,
    title_en,
    indicator_ids,
    answered_by,
    reason,
    plan_quote
from {{ ref('plan_duties') }}
