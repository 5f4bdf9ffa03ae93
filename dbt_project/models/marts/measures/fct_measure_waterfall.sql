select
    waterfall.indicator_id,
    waterfall.quarter,
    waterfall.county_code,
    waterfall.stage,
    waterfall.reason,
    reasons.title_zh as reason_zh,
    waterfall.amount
from {{ ref('int_measure_waterfall') }} as waterfall
left join {{ ref('measure_reasons') }} as reasons
    on waterfall.reason = reasons.reason
