-- S14: what a county reports against what the independent sample survey finds there, for the level
-- (log of their ratio) and for its growth. The usual gap between the two, the median over counties
-- and quarters so far, is a difference of definitions. Its spread beyond sampling errors (tau, from
-- the median absolute deviation, which some counties that overstate cannot move) is how far honest
-- counties stray. Reports cover the whole roster: their own error comes from the households that
-- did not report, by the finite population correction of a ratio of sums.
{% set mad_to_deviation = 1.4826 -%}
with households as (
    select
        income.household_key,
        income.quarter,
        income.county_code,
        quarters.quarter_one_year_before,
        income.net_income_reported / nullif(sum(income.net_income_reported) over county, 0)
        - income.household_size / nullif(sum(income.household_size) over county, 0) as deviation
    from {{ ref('int_household_values') }} as income
    inner join {{ ref('int_quarters') }} as quarters
        on income.quarter = quarters.quarter
    window county as (partition by income.county_code, income.quarter)
),

dispersed as (
    select
        now.county_code,
        now.quarter,
        count(*) as reporting,
        sum(power(now.deviation, 2)) as level_variance,
        sum(power(now.deviation - base.deviation, 2)) as growth_variance
    from households as now
    left join households as base
        on
            now.household_key = base.household_key
            and now.county_code = base.county_code
            and now.quarter_one_year_before = base.quarter
    group by now.county_code, now.quarter
),

rostered as (
    select
        county_code,
        quarter,
        count(*) as households
    from {{ ref('int_rostered_households') }}
    group by county_code, quarter
),

missing as (
    select
        dispersed.*,
        greatest(1 - dispersed.reporting / nullif(rostered.households, 0), 0) as share
    from dispersed
    left join rostered
        on
            dispersed.county_code = rostered.county_code
            and dispersed.quarter = rostered.quarter
),

counties as (
    select
        county_code,
        quarter,
        case
            when count(net_income_reported) = count(*)
                then cast(sum(net_income_reported) as double) / nullif(sum(household_size), 0)
        end as per_capita
    from {{ ref('int_household_values') }}
    group by county_code, quarter
),

paired as (
    select
        estimates.county_code,
        estimates.quarter,
        estimates.sample_households,
        counties.per_capita,
        cast(growth.estimate as double) as estimate,
        cast(growth.standard_error as double) as standard_error,
        counties.per_capita / nullif(earlier.per_capita, 0) - 1 as growth,
        cast(growth.growth_estimate as double) as growth_estimate,
        cast(growth.growth_standard_error as double) as growth_standard_error,
        coalesce(missing.share * missing.level_variance, 0) as level_variance,
        coalesce(missing.share * missing.growth_variance, 0) as growth_variance
    from {{ ref('int_survey_estimates') }} as estimates
    inner join {{ ref('int_survey_growth') }} as growth
        on
            estimates.county_code = growth.county_code
            and estimates.quarter = growth.quarter
    inner join counties
        on
            estimates.county_code = counties.county_code
            and estimates.quarter = counties.quarter
    inner join {{ ref('int_quarters') }} as quarters
        on estimates.quarter = quarters.quarter
    left join counties as earlier
        on
            estimates.county_code = earlier.county_code
            and quarters.quarter_one_year_before = earlier.quarter
    left join missing
        on
            estimates.county_code = missing.county_code
            and estimates.quarter = missing.quarter
    where estimates.county_code <> '{{ var("region_code") }}'
),

gaps as (
    select
        'level' as item,
        county_code,
        quarter,
        sample_households,
        case when per_capita > 0 and estimate > 0 then ln(per_capita / estimate) end as gap,
        power(standard_error / nullif(estimate, 0), 2) + level_variance as variance,
        printf(
            '人均申报%.0f元，抽样调查%.0f元（标准误%.0f元）', per_capita, estimate, standard_error
        ) as compared_zh
    from paired
    union all
    select
        'growth' as item,
        county_code,
        quarter,
        sample_households,
        growth - growth_estimate as gap,
        power(growth_standard_error, 2) + power(1 + growth, 2) * growth_variance as variance,
        printf(
            '申报增速%.1f%%，抽样调查%.1f%%（标准误%.1f个百分点）',
            100 * growth, 100 * growth_estimate, 100 * growth_standard_error
        ) as compared_zh
    from paired
    where growth is not null and growth_estimate is not null
),

judged_quarters as (
    select
        item,
        quarter
    from gaps
    group by item, quarter
),

usual as (
    select
        now.item,
        now.quarter,
        median(past.gap) as gap,
        greatest(
            power({{ mad_to_deviation }} * mad(past.gap), 2) - avg(past.variance), 0
        ) as tau_squared
    from judged_quarters as now
    inner join gaps as past
        on now.item = past.item and now.quarter >= past.quarter
    group by now.item, now.quarter
),

scored as (
    select
        gaps.*,
        usual.gap as usual_gap,
        sqrt(gaps.variance + usual.tau_squared) as deviation
    from gaps
    inner join usual
        on gaps.item = usual.item and gaps.quarter = usual.quarter
)

select
    'S14' as signal_id,
    item,
    'county' as entity_type,
    county_code as entity_id,
    county_code,
    quarter,
    cast(sample_households as integer) as sample_size,
    cast(null as integer) as successes,
    (gap - usual_gap) / nullif(deviation, 0) as statistic,
    printf(
        '%s，比通常差距高%.1f个百分点，合成标准差%.1f个百分点',
        compared_zh, 100 * (gap - usual_gap), 100 * deviation
    ) as evidence_zh
from scored
