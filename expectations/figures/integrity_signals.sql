-- Per signal, kind of entity and quarter: how many rows of the signals break a rule of form.
select
    signal_id,
    entity_type,
    quarter,
    count(*) filter (where coalesce(entity_id, '') = '' or coalesce(county_code, '') = '')
        as keys_missing,
    count(*) - count(distinct entity_id) as entities_twice,
    count(*) filter (
        where
            not coalesce(p_value between 0 and 1, true)
            or not coalesce(q_value between 0 and 1, true)
            or not coalesce(q_by between 0 and 1, true)
    ) as out_of_range,
    count(*) filter (where is_flagged and coalesce(evidence, '') = '') as flags_without_evidence,
    count(*) filter (where is_flagged and assessment not in ('assessed', 'record'))
        as flags_not_assessed,
    count(*) filter (
        where
            assessment = 'assessed' and p_value is null
            and signal_id not in (select signal_id from dim_signal where null_model = 'exact')
    ) as assessed_without_p
from fct_integrity_signals
group by signal_id, entity_type, quarter
