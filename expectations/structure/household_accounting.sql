-- Per quarter: distinct households that were reported, and how many each later model holds.
with reported as (
    select
        quarter,
        count(distinct household_key) as households
    from stg_household_income_report
    group by quarter
),

joined as (
    select
        quarter,
        count(*) as households
    from int_household_reports
    group by quarter
),

computed as (
    select
        quarter,
        count(*) as households
    from int_household_income
    group by quarter
)

select
    coalesce(reported.quarter, joined.quarter, computed.quarter) as quarter,
    coalesce(joined.households, 0) - coalesce(reported.households, 0) as joined_difference,
    coalesce(computed.households, 0) - coalesce(reported.households, 0) as computed_difference
from reported
full join joined
    on reported.quarter = joined.quarter
full join computed
    on coalesce(reported.quarter, joined.quarter) = computed.quarter
