-- Every signal's statistic for every entity and quarter, before it is judged.
{% set models = [
    ref('int_signal_s03_growth_coherence'),
    ref('int_signal_s08_back_allocation'),
    ref('int_signal_s14_county_survey'),
    ref('int_signal_s18_bunching'),
    ref('int_signal_s19_late_revisions'),
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
