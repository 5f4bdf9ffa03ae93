-- Exact evidence on households and persons, each row traced to the claim and to the record.
{% set models = [
    ref('int_finding_after_death'),
] -%}
{% for model in models -%}
select
    finding_kind,
    signal_id,
    household_key,
    person_key,
    county_code,
    village_code,
    quarter,
    item,
    amount_claimed,
    amount_supported,
    amount,
    is_exact,
    evidence_zh,
    submission_id,
    source_sheet,
    source_row,
    record_submission_id,
    record_sheet,
    record_row
from {{ model }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
