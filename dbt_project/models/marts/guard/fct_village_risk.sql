select
    leads.village_code,
    leads.quarter,
    leads.county_code,
    leads.lead_no,
    leads.wording,
    case leads.wording when 'serious' then '重点核查' when 'verify' then '核查' else '无' end
        as wording_zh,
    leads.flagged_by,
    leads.families_fired,
    leads.leading_signal,
    leads.leading_item,
    leads.mechanism,
    catalogue.mechanism_zh,
    leads.disposition,
    leads.households,
    leads.families_assessed,
    leads.exact_findings,
    leads.combined_p,
    leads.q_value,
    leads.q_by,
    leads.risk_score,
    leads.probability,
    cast(row_number() over (
        partition by leads.quarter
        order by leads.is_flagged desc, leads.expected_yuan desc nulls last, leads.village_code asc
    ) as integer) as risk_rank,
    leads.net_income_reported,
    leads.yuan_at_stake,
    leads.expected_yuan,
    leads.withheld_income,
    leads.amount_struck,
    leads.is_flagged,
    leads.families_assessed > 0 as is_assessed,
    leads.disposed_on
from {{ ref('int_village_leads') }} as leads
left join {{ ref('signals') }} as catalogue
    on leads.leading_signal = catalogue.signal_id
