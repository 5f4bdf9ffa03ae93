select
    signal_id,
    title_zh,
    title_en,
    family,
    entity_types,
    statistic_zh,
    null_model,
    minimum_sample,
    minimum_history,
    statistic_scale,
    material_change,
    mechanism,
    mechanism_zh,
    honest_causes_zh,
    source
from {{ ref('signals') }}
