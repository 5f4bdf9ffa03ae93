-- The most that a household can earn with its animals in an income year: each kind's largest herd
-- on record so far times the benchmark of its kind. The largest herd, because animals that were
-- sold are missing from the later statements and their price is the income of the same year. A
-- herd or benchmark that is not on record leaves no bound, and so does an earlier quarter of the
-- income year without a statement: the herd may have been larger then.
{% set animals = animals() -%}
with statements as (
    select
        household_key,
        quarter,
        {% for animal in animals -%}
        max({{ animal }}) as {{ animal }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('stg_household_assets') }}
    group by household_key, quarter
),

herds as (
    select
        statements.household_key,
        statements.quarter,
        quarters.income_year_quarter,
        count(*) over so_far as quarters_stated,
        {% for animal in animals -%}
        max(statements.{{ animal }}) over so_far as {{ animal }}{{ ',' if not loop.last }}
        {% endfor %}
    from statements
    inner join {{ ref('int_quarters') }} as quarters
        on statements.quarter = quarters.quarter
    window so_far as (
        partition by statements.household_key, quarters.income_year
        order by statements.quarter
    )
),

benchmarks as (
    select
        quarters.quarter,
        {% for animal in animals -%}
        max(case when benchmarks.holding = '{{ animal }}' then benchmarks.value end)
            as {{ animal }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_quarters') }} as quarters
    inner join {{ ref('capacity_benchmarks') }} as benchmarks
        on
            benchmarks.benchmark_id = 'breeding_yuan_per_head'
            and benchmarks.valid_from <= quarters.quarter
            and (benchmarks.valid_until is null or quarters.quarter < benchmarks.valid_until)
    group by quarters.quarter
)

select
    herds.household_key,
    herds.quarter,
    cast(
        {{ sum_of(animals, 'herds.{0} * benchmarks.{0}') }}
        as decimal(18, 2)
    ) as bound
from herds
inner join benchmarks
    on herds.quarter = benchmarks.quarter
where herds.quarters_stated = herds.income_year_quarter
