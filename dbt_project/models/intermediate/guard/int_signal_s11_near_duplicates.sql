-- S11: households whose figures are those of a neighbour, a hair apart: every item within 2 % or
-- nothing in both, at least two of them positive; four that agree may stand beside one that does
-- not. Figures equal to the yuan in another village count too. Near ones meet in bins of a rounded
-- logarithm of their largest wage or largest other item, so that no two villages' all meet all.
{% set items = discretionary_sub_items() -%}
{% set wages = ['wage_migrant', 'wage_local'] -%}
{% set tolerance = 0.02 -%}
with households as (
    select
        household_key,
        quarter,
        county_code,
        village_code,
        collector_id,
        {% for item in items -%}
        coalesce({{ item }}, 0) as {{ item }},
        {% endfor -%}
        {% for item in items -%}
        coalesce(cast({{ item }} > 0 as integer), 0){{ ' + ' if not loop.last }}
        {%- endfor %} as positive_items,
        greatest({{ wages | join(', ') }}) as largest_wage,
        greatest({{ items | reject('in', wages) | join(', ') }}) as largest_other
    from {{ ref('int_guard_households') }}
),

bins as (
    {% for largest in ['largest_wage', 'largest_other'] -%}
    {% for offset in [0, 0.5] -%}
    select
        *,
        floor(ln({{ largest }}) / {{ 2 * tolerance }} + {{ offset }}) as bin,
        '{{ largest }}{{ offset }}' as bin_kind
    from households
    where positive_items >= 2 and {{ largest }} > 0
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

near as (
    select distinct
        one.household_key,
        one.quarter
    from bins as one
    inner join bins as other
        on
            one.village_code = other.village_code
            and one.quarter = other.quarter
            and one.bin_kind = other.bin_kind
            and one.bin = other.bin
            and one.household_key <> other.household_key
    where
        {% for item in items -%}
        cast(
            one.{{ item }} > 0
            and abs(one.{{ item }} - other.{{ item }}) < {{ tolerance }} * one.{{ item }}
            as integer
        ){{ ' + ' if not loop.last }}
        {%- endfor %}
        >= case
            when one.positive_items < 5 then greatest(one.positive_items, other.positive_items)
            else greatest(one.positive_items, other.positive_items) - 1
        end
),

equal as (
    select
        household_key,
        quarter,
        count(*) over (partition by quarter, {{ items | join(', ') }}) > 1 as is_equal
    from households
    where positive_items >= 3
),

counted as (
    select
        case when grouping(households.village_code) = 0 then 'village' else 'collector' end
            as entity_type,
        coalesce(
            households.village_code, households.county_code || '-' || households.collector_id
        ) as entity_id,
        households.county_code,
        households.quarter,
        cast(count(*) as integer) as sample_size,
        cast(
            count(*) filter (where near.household_key is not null or equal.is_equal) as integer
        ) as successes
    from households
    left join near
        on households.household_key = near.household_key and households.quarter = near.quarter
    left join equal
        on households.household_key = equal.household_key and households.quarter = equal.quarter
    where households.positive_items >= 2
    group by grouping sets (
        (households.village_code, households.county_code, households.quarter),
        (households.collector_id, households.county_code, households.quarter)
    )
)

select
    'S11' as signal_id,
    '' as item,
    entity_type,
    entity_id,
    county_code,
    quarter,
    sample_size,
    successes,
    successes / sample_size as statistic,
    printf('%d户中%d户的各项可变收入与另一户相差不到2%%', sample_size, successes) as evidence_zh
from counted
where entity_id is not null
