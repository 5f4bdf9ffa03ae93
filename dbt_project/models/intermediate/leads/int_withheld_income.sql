-- What an open serious lead withholds from the verified income of the village's households: what
-- their self-declared items and those bounded by land and herds exceed the year before, for growth
-- that no record shows waits for the answer. An amount that auditors struck is spread over it.
{% set components = income_components() -%}
{% set recorded, capacity = recorded_sub_items(), capacity_sub_items() -%}
{% set items = components.values() | sum(start=[]) | reject('in', recorded) | list -%}
with unproven as (
    select
        household_key,
        quarter,
        village_code,
        {% for item in items -%}
        {{ item }}_{{ 'supported' if item in capacity else 'claimed' }}
            as {{ item }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_household_items') }}
    where village_code in (select leads.village_code from {{ ref('int_open_leads') }} as leads)
),

excess as (
    select
        now.household_key,
        now.quarter,
        now.village_code,
        leads.disposition,
        leads.amount_struck,
        {% for component, members in components.items() -%}
        {% for item in members if item in items -%}
        greatest(now.{{ item }} - coalesce(base.{{ item }}, now.{{ item }}), 0)
        {{- '\n        + ' if not loop.last else ' as ' ~ component ~ '_excess' }}
        {%- endfor %}{{ ',' if not loop.last }}
        {% endfor %}
    from unproven as now
    inner join {{ ref('int_open_leads') }} as leads
        on
            now.village_code = leads.village_code
            and now.quarter = leads.quarter
    inner join {{ ref('int_quarters') }} as quarters
        on now.quarter = quarters.quarter
    left join unproven as base
        on
            now.household_key = base.household_key
            and quarters.quarter_one_year_before = base.quarter
),

totals as (
    select
        *,
        {{ sum_of(components, '{}_excess') }} as household_excess,
        sum(household_excess) over (partition by village_code, quarter) as village_excess
    from excess
),

shared as (
    select
        *,
        case
            when disposition is null or amount_struck is null then 1
            else least({{ div_exact('amount_struck', 'village_excess', 6) }}, 1)
        end as withheld_share
    from totals
)

select
    household_key,
    quarter,
    {% for component in components -%}
    cast({{ component }}_excess * coalesce(withheld_share, 0) as decimal(18, 2))
        as {{ component }}_withheld{{ ',' if not loop.last }}
    {% endfor %}
from shared
