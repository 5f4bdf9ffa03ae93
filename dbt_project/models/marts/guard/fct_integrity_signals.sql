select
    signals.signal_id,
    signals.entity_type,
    signals.entity_id,
    signals.quarter,
    signals.county_code,
    catalogue.title_zh,
    catalogue.family,
    signals.item,
    signals.assessment,
    case
        when not signals.is_flagged then 'none'
        when signals.entity_type = 'household' or leads.wording = 'serious' then 'serious'
        else 'verify'
    end as severity,
    signals.statistic,
    signals.own_history,
    signals.change,
    signals.null_quantile,
    signals.threshold,
    signals.sample_size,
    signals.placebo_size,
    signals.p_value,
    signals.q_value,
    signals.q_by,
    signals.false_alarm_rate,
    signals.is_flagged,
    signals.stratum,
    signals.evidence_zh as evidence,
    catalogue.honest_causes_zh as honest_causes,
    leads.disposition
from {{ ref('int_guard_signals') }} as signals
inner join {{ ref('signals') }} as catalogue
    on signals.signal_id = catalogue.signal_id
left join {{ ref('int_village_leads') }} as leads
    on
        signals.entity_type = 'village'
        and signals.entity_id = leads.village_code
        and signals.quarter = leads.quarter
