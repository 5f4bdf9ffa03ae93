-- Every signal's statistic for every entity and quarter, before it is judged.
{% set models = [
    ref('int_signal_s03_growth_coherence'),
    ref('int_signal_s06_copy_forward'),
    ref('int_signal_s09_heaping'),
] -%}
{% for model in models -%}
select
    signal_id,
    item,
    entity_type,
    entity_id,
    county_code,
    quarter,
    sample_size,
    successes,
    statistic,
    evidence_zh
from {{ model }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
