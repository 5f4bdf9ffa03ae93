-- Every signal's statistic for every entity and quarter, before it is judged. Sums of floats depend
-- on the order of their terms: ten digits are what every run agrees on.
{% set models = [
    ref('int_signal_s01_evidence_gap'),
    ref('int_signal_s02_claims_without_record'),
    ref('int_signal_s03_growth_coherence'),
    ref('int_signal_s04_growth_concentration'),
    ref('int_signal_s05_growth_dispersion'),
    ref('int_signal_s06_copy_forward'),
    ref('int_signal_s07_variance_collapse'),
    ref('int_signal_s08_back_allocation'),
    ref('int_signal_s09_heaping'),
    ref('int_signal_s10_heaping_deficit'),
    ref('int_signal_s11_near_duplicates'),
    ref('int_signal_s12_s13_panel_correlation'),
    ref('int_signal_s14_county_survey'),
    ref('int_signal_s15_component_residual'),
    ref('int_signal_s16_ghost_income'),
    ref('int_signal_s17_loans_as_income'),
    ref('int_signal_s18_bunching'),
    ref('int_signal_s19_late_revisions'),
    ref('int_signal_s20_roster_shift'),
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
    round(statistic, 10) as statistic,
    evidence_zh
from {{ model }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
