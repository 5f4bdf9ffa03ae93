-- S15: business income that nothing in the field explains: production cost that has fallen though
-- the income it makes has not (item cost), and crop income that has risen per mu (item land).
-- Means of logarithms over households about the quarter's middle, each limited, so that the season
-- comes off and one household does not speak for all. A bad year that is over is no rise: income
-- per mu below its usual level so far counts as usual, and income a tenth above it stands beside
-- cost no higher.
{% set items = ['business_planting', 'business_breeding', 'business_other'] -%}
{% set from_yuan, padding, limit, slack = 1000, 100, 1.5, 0.1 -%}
{% set limited -%}
avg(least(greatest({0} - middle_{0}, -{{ limit }}), {{ limit }}))
{%- endset -%}
{# Threads add doubles in any order: the last digit, which tips a half, is rounded away first. -#}
{% set total = 'round(sum({}), 2)' -%}
{% set usual -%}
median({0}) over (
            partition by village_code, county_code
            order by quarter
            rows between unbounded preceding and 1 preceding
        )
{%- endset -%}
with households as (
    select
        village_code,
        county_code,
        quarter,
        {{ items | join(' + ') }} as business,
        production_cost,
        business_planting,
        cast(cultivated_land_mu as double) as land
    from {{ ref('int_guard_households') }}
),

costs as (
    select
        *,
        -ln(production_cost + {{ padding }}) as thrift,
        ln(business) as income,
        median(thrift) over (partition by quarter) as middle_thrift,
        median(income) over (partition by quarter) as middle_income
    from households
    where business >= {{ from_yuan }} and production_cost >= 0
),

yields as (
    select
        *,
        ln((business_planting + {{ padding }}) / land) as per_mu,
        median(per_mu) over (partition by quarter) as middle_per_mu
    from households
    where land >= 1 and business_planting > 0
),

village_costs as (
    select
        village_code,
        county_code,
        quarter,
        count(*) as households,
        {{ limited.format('thrift') }} as thrift,
        {{ limited.format('income') }} as income,
        printf(
            '%d户经营收入%.0f元，生产经营支出%.0f元',
            count(*),
            {{ total.format('business') }},
            {{ total.format('production_cost') }}
        ) as evidence_zh
    from costs
    group by village_code, county_code, quarter
),

village_yields as (
    select
        village_code,
        county_code,
        quarter,
        count(*) as households,
        {{ limited.format('per_mu') }} as per_mu,
        printf(
            '%d户种植收入%.0f元，耕地%.0f亩，每亩%.0f元',
            count(*),
            {{ total.format('business_planting') }},
            {{ total.format('land') }},
            {{ total.format('business_planting') }} / {{ total.format('land') }}
        ) as evidence_zh
    from yields
    group by village_code, county_code, quarter
),

settled as (
    select
        'cost' as item,
        village_code,
        county_code,
        quarter,
        households,
        thrift + least(income, {{ slack }} + {{ usual.format('income') }}) as statistic,
        evidence_zh
    from village_costs
    union all
    select
        'land' as item,
        village_code,
        county_code,
        quarter,
        households,
        greatest(per_mu, {{ usual.format('per_mu') }}) as statistic,
        evidence_zh
    from village_yields
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
    round(statistic, 6) as statistic,
    evidence_zh
from settled
