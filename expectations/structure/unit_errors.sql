-- Per county and quarter: the median per-capita income against the county's own previous quarter
-- (both per elapsed quarter of the income year, for the figures accumulate) and against the same
-- quarter a year before. Fewer than ten households tell nothing.
with medians as (
    select
        income.county_code,
        income.quarter,
        quarters.income_year_quarter,
        median(cast(income.per_capita_net_income_reported as double)) as median_income
    from int_household_income as income
    inner join int_quarters as quarters
        on income.quarter = quarters.quarter
    group by income.county_code, income.quarter, quarters.income_year_quarter
    having count(*) >= 10
)

select
    medians.county_code,
    counties.county_name,
    medians.quarter,
    round(
        (medians.median_income / medians.income_year_quarter)
        / nullif(previous.median_income / previous.income_year_quarter, 0),
        3
    ) as ratio_to_previous_quarter,
    round(medians.median_income / nullif(earlier.median_income, 0), 3) as ratio_to_previous_year
from medians
inner join counties
    on medians.county_code = counties.county_code
left join medians as previous
    on
        medians.county_code = previous.county_code
        and medians.quarter = previous.quarter + interval 3 month
left join medians as earlier
    on
        medians.county_code = earlier.county_code
        and medians.quarter = earlier.quarter + interval 1 year
