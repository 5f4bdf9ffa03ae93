-- Signals as they were judged, and the exact findings of each household counted by signal.
with households as (
    select
        signal_id,
        household_key,
        county_code,
        quarter,
        max(item) as item,
        cast(count(*) as integer) as findings,
        bool_or(is_exact) as is_exact,
        cast(sum(amount) as double) as amount,
        string_agg(evidence_zh, '；' order by amount desc, evidence_zh asc) as evidence_zh
    from {{ ref('int_signal_findings') }}
    group by signal_id, household_key, county_code, quarter
)

select
    signal_id,
    entity_type,
    entity_id,
    county_code,
    quarter,
    item,
    statistic,
    own_history,
    change,
    null_quantile,
    threshold,
    sample_size,
    placebo_size,
    p_value,
    q_value,
    q_by,
    false_alarm_rate,
    assessment,
    stratum,
    is_flagged,
    evidence_zh
from {{ ref('stg_guard_signals') }}
union all
select
    signal_id,
    'household' as entity_type,
    household_key as entity_id,
    county_code,
    quarter,
    item,
    amount as statistic,
    null as own_history,
    null as change,
    null as null_quantile,
    null as threshold,
    findings as sample_size,
    null as placebo_size,
    null as p_value,
    null as q_value,
    null as q_by,
    null as false_alarm_rate,
    'record' as assessment,
    null as stratum,
    is_exact as is_flagged,
    evidence_zh
from households
