-- A gap is an action that fits and that no record shows. The list of a county begins with the gaps
-- of its poorest household.
select
    options.household_key,
    options.action_code,
    options.quarter,
    actions.action_no,
    actions.title_zh,
    actions.component,
    options.county_code,
    options.village_code,
    case when options.is_low_income then 'low' else 'not_low' end as income_group,
    options.is_income_decline,
    options.per_capita_net_income,
    options.is_eligible,
    case
        when options.is_eligible then '符合：'
        when not options.is_eligible then '不符合：'
        else '名册未报，无法判断：'
    end || actions.eligibility_rule_zh || '（' || options.facts_zh || '）'
        as eligibility_reason_zh,
    options.is_covered,
    options.covered_by,
    options.is_eligible and not options.is_covered as is_gap,
    cast(row_number() over (
        partition by options.county_code
        order by
            coalesce(options.is_eligible and not options.is_covered, false) desc,
            options.per_capita_net_income asc,
            options.household_key asc,
            actions.action_no asc
    ) as integer) as gap_rank
from {{ ref('int_assistance_options') }} as options
inner join {{ ref('assistance_actions') }} as actions
    on options.action_code = actions.action_code
