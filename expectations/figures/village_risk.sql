-- Per quarter: whether every reported village is judged once, within range, and few are leads by
-- statistics alone: many mean that the null has failed. Exact records do not rest on it.
with reported as (
    select
        quarter,
        count(distinct village_code) as villages_reported
    from fct_household_income
    group by quarter
)

select
    reported.quarter,
    reported.villages_reported - count(distinct risks.village_code) as villages_not_judged,
    count(risks.village_code) - count(distinct risks.village_code) as villages_twice,
    count(*) filter (
        where
            not coalesce(risks.combined_p between 0 and 1, true)
            or not coalesce(risks.q_value between 0 and 1, true)
    ) as out_of_range,
    count(*) filter (where risks.is_flagged and not risks.is_assessed and risks.exact_findings = 0)
        as flags_not_assessed,
    count(*) filter (
        where risks.is_flagged and risks.leading_signal is null and risks.exact_findings = 0
    ) as flags_without_signal,
    case
        when count(*) >= 40
            then round(
                count(*) filter (where risks.is_flagged and risks.exact_findings = 0) / count(*), 6
            )
    end as share_flagged
from reported
left join fct_village_risk as risks
    on reported.quarter = risks.quarter
group by reported.quarter, reported.villages_reported
