-- Judged by the verified value, as measures are: a claim alone lists nobody and clears nobody. The
-- error of the gap is that of the survey's growth of county and region taken as independent; as the
-- county is part of the region, that is rather too wide.
{% set region = "'" ~ var('region_code') ~ "'" -%}
with county_total as (
    select count(*) as counties
    from {{ ref('counties') }}
),

incomes as (
    select * from {{ ref('int_county_components') }}
    where component = 'net_income'
),

goals as (
    select
        county_code,
        quarter,
        count(is_attained_verified) as goals_judged,
        count(*) filter (where not is_attained_verified) as goals_missed,
        string_agg(goal_id, '|' order by goal_id) filter (where not is_attained_verified)
            as goals_missed_ids
    from {{ ref('int_goal_attainment') }}
    group by county_code, quarter
),

measures as (
    select
        county_code,
        quarter,
        count(*) as measures_judged,
        count(*) filter (where status = 'behind') as measures_missed,
        string_agg(indicator_id, '|' order by indicator_id) filter (where status = 'behind')
            as measures_missed_ids
    from {{ ref('int_measure_completion') }}
    where target is not null and status in ('done', 'on_track', 'behind')
    group by county_code, quarter
),

compared as (
    select
        counties.county_code,
        quarters.quarter,
        quarters.income_year,
        quarters.calendar_year,
        quarters.is_income_year_end,
        coalesce(region.counties = county_total.counties, false) as is_region_complete,
        {% for value in calibrated_values() -%}
        own.growth_{{ value }},
        region.growth_{{ value }} as region_growth_{{ value }},
        own.growth_{{ value }} - region.growth_{{ value }} as growth_gap_{{ value }},
        {% endfor -%}
        cast(
            sqrt(
                power(own_survey.growth_standard_error, 2)
                + power(region_survey.growth_standard_error, 2)
            ) as decimal(18, 6)
        ) as growth_gap_standard_error
    from {{ ref('counties') }} as counties
    cross join {{ ref('int_quarters') }} as quarters
    cross join county_total
    left join incomes as own
        on
            counties.county_code = own.county_code
            and quarters.quarter = own.quarter
    left join incomes as region
        on
            region.county_code = {{ region }}
            and quarters.quarter = region.quarter
    left join {{ ref('int_survey_growth') }} as own_survey
        on
            counties.county_code = own_survey.county_code
            and quarters.quarter = own_survey.quarter
    left join {{ ref('int_survey_growth') }} as region_survey
        on
            region_survey.county_code = {{ region }}
            and quarters.quarter = region_survey.quarter
),

judged as (
    select
        *,
        case when is_region_complete then growth_gap_verified < 0 end as is_below_region,
        case
            when is_region_complete then growth_gap_verified < -1.96 * growth_gap_standard_error
        end as is_below_region_beyond_uncertainty
    from compared
)

select
    judged.county_code,
    judged.quarter,
    judged.income_year,
    {% for figure in ['growth', 'region_growth', 'growth_gap'] -%}
    {% for value in calibrated_values() -%}
    cast(judged.{{ figure }}_{{ value }} as decimal(18, 6)) as {{ figure }}_{{ value }},
    {% endfor -%}
    {% endfor -%}
    judged.growth_gap_standard_error,
    judged.is_region_complete,
    judged.is_below_region,
    judged.is_below_region_beyond_uncertainty,
    cast(coalesce(goals.goals_judged, 0) as integer) as goals_judged,
    case when goals.goals_judged > 0 then cast(goals.goals_missed as integer) end as goals_missed,
    goals.goals_missed_ids,
    cast(coalesce(measures.measures_judged, 0) as integer) as measures_judged,
    cast(measures.measures_missed as integer) as measures_missed,
    measures.measures_missed_ids,
    judged.is_income_year_end,
    case
        when judged.is_income_year_end
            then case when goals.goals_judged > 0 then goals.goals_missed > 0 end
                or judged.is_below_region
    end as is_interview_listed,
    interviews.plan_quote as interview_plan_quote,
    funds.unlinked_funds as fund_reduction_yuan,
    funds.unlinked_funds > 0 as is_fund_reduction_listed,
    case when funds.unlinked_funds is not null then judged.calendar_year + 1 end
        as applies_to_year,
    reductions.plan_quote as fund_reduction_plan_quote,
    '按方案规则列出，供核查，不是结论。与全区平均比较，必有县低于平均；'
    || case
        when judged.growth_gap_verified is null then '本县或全区增速未知，不作判断。'
        when judged.growth_gap_standard_error is null
            then '没有抽样标准误，不能判断差距是否超出误差。'
        else
            '增速差距'
            || cast(cast(100 * judged.growth_gap_verified as decimal(18, 2)) as varchar)
            || '个百分点，抽样标准误'
            || cast(cast(100 * judged.growth_gap_standard_error as decimal(18, 2)) as varchar)
            || '个百分点，差距'
            || case
                when abs(judged.growth_gap_verified) > 1.96 * judged.growth_gap_standard_error
                    then '超出抽样误差。'
                else '在抽样误差之内。'
            end
    end as caution_zh
from judged
left join goals
    on
        judged.county_code = goals.county_code
        and judged.quarter = goals.quarter
left join measures
    on
        judged.county_code = measures.county_code
        and judged.quarter = measures.quarter
left join {{ ref('int_unlinked_funds') }} as funds
    on
        judged.county_code = funds.county_code
        and judged.quarter = funds.quarter
left join {{ ref('plan_duties') }} as interviews
    on interviews.duty_id = 'S3-04'
left join {{ ref('plan_duties') }} as reductions
    on reductions.duty_id = 'D03-04'
