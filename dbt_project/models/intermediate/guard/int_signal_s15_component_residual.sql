-- S15: business income that nothing in the field explains: production cost that has fallen beside
-- the income it should have made (item cost), and crop income that has risen per mu (item land).
-- Means of logarithms over households, each limited, so that one household does not speak for all;
-- what the season did to everybody comes off with the county's and the region's median.
{% set items = ['business_planting', 'business_breeding', 'business_other'] -%}
{% set from_yuan, padding, limit = 1000, 100, 1.5 -%}
with households as (
    select
        village_code,
        county_code,
        quarter,
        {{ items | join(' + ') }} as business,
        production_cost,
        business_planting,
        cultivated_land_mu
    from {{ ref('int_guard_households') }}
),

measured as (
    select
        'cost' as item,
        village_code,
        county_code,
        quarter,
        ln((business + {{ padding }}) / (production_cost + {{ padding }})) as measure,
        business as amount,
        production_cost as basis
    from households
    where business >= {{ from_yuan }} and production_cost >= 0
    union all
    select
        'land' as item,
        village_code,
        county_code,
        quarter,
        ln((business_planting + {{ padding }}) / cultivated_land_mu) as measure,
        business_planting as amount,
        cast(cultivated_land_mu as double) as basis
    from households
    where cultivated_land_mu >= 1 and business_planting > 0
),

-- Limited about the middle of the quarter: what is far out counts as far, and no further.
limited as (
    select
        *,
        median(measure) over (partition by item, quarter) as middle
    from measured
),

villages as (
    select
        item,
        village_code,
        county_code,
        quarter,
        count(*) as households,
        avg(least(greatest(measure - middle, -{{ limit }}), {{ limit }})) as level,
        sum(amount) as amount,
        sum(basis) as basis
    from limited
    group by item, village_code, county_code, quarter
),

-- A bad year that is over is no rise: below its usual level so far, a village counts as there.
settled as (
    select
        *,
        greatest(level, median(level) over (
            partition by item, village_code, county_code
            order by quarter
            rows between unbounded preceding and 1 preceding
        )) as settled_level
    from villages
)

select
    'S15' as signal_id,
    item,
    'village' as entity_type,
    village_code as entity_id,
    county_code,
    quarter,
    cast(households as integer) as sample_size,
    cast(null as integer) as successes,
    settled_level as statistic,
    case item
        when 'cost'
            then printf('%d户经营收入%.0f元，生产经营支出%.0f元', households, amount, basis)
        else printf(
            '%d户种植收入%.0f元，耕地%.0f亩，每亩%.0f元', households, amount, basis, amount / basis
        )
    end as evidence_zh
from settled
