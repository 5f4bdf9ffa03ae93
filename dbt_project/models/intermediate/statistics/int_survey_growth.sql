{{ config(materialized='view') }}
-- Sample estimates of counties and the region, with growth against the same quarter of the year
-- before. The region is the counties weighted by the members that their reports count, where the
-- survey has no figure of its own. Errors are carried on to the first order as if samples were
-- independent: for growth g of y0 to y1 it is sqrt(s1^2 + ((1 + g) s0)^2) / y0.
with reported as (
    select
        county_code,
        quarter,
        sum(household_size) as persons
    from {{ ref('int_household_values') }}
    group by county_code, quarter
),

counted as (
    select
        survey.county_code,
        survey.quarter,
        survey.estimate,
        survey.standard_error,
        reported.persons
    from {{ ref('int_survey_estimates') }} as survey
    left join reported
        on
            survey.county_code = reported.county_code
            and survey.quarter = reported.quarter
),

county_total as (
    select count(*) as counties
    from {{ ref('counties') }}
),

figures as (
    select
        county_code,
        quarter,
        estimate,
        standard_error
    from counted
    union all
    select
        '{{ var("region_code") }}' as county_code,
        counted.quarter,
        {{ div_exact('sum(counted.persons * counted.estimate)', 'sum(counted.persons)') }}
            as estimate,
        {{ div_exact(
            'sqrt(sum(cast(power(counted.persons * counted.standard_error, 2) as decimal(38, 4))))',
            'sum(counted.persons)'
        ) }} as standard_error
    from counted
    cross join county_total
    where
        counted.county_code <> '{{ var("region_code") }}'
        and counted.quarter not in (
            select filed.quarter
            from counted as filed
            where filed.county_code = '{{ var("region_code") }}'
        )
    group by counted.quarter, county_total.counties
    having count(counted.persons) = county_total.counties
),

growing as (
    select
        figures.*,
        earlier.estimate as earlier_estimate,
        earlier.standard_error as earlier_standard_error,
        {{ div_exact('(figures.estimate - earlier.estimate)', 'earlier.estimate', 6) }}
            as growth_estimate
    from figures
    inner join {{ ref('int_quarters') }} as quarters
        on figures.quarter = quarters.quarter
    left join figures as earlier
        on
            figures.county_code = earlier.county_code
            and quarters.quarter_one_year_before = earlier.quarter
)

select
    county_code,
    quarter,
    estimate,
    standard_error,
    growth_estimate,
    {{ div_exact(
        'sqrt(power(standard_error, 2) + power((1 + growth_estimate) * earlier_standard_error, 2))',
        'earlier_estimate', 6
    ) }} as growth_standard_error
from growing
