-- What a household earned, income year to date, as claimed and as the records support it, and what
-- of it cannot stand whatever anyone explains. Nothing here depends on the guard.
{% set components = income_components() -%}
{% set recorded = recorded_sub_items() -%}
{% set capacity = capacity_sub_items() -%}
{% set supported = recorded + capacity -%}
{% set items = components.values() | sum(start=[]) -%}
with sums as (
    select
        household_key,
        quarter,
        county_code,
        village_code,
        inclusion_rule_version,
        household_size,
        registered_size,
        is_on_roster,
        production_cost,
        {% for component, members in components.items() -%}
        {{ sum_of(members, '{}_claimed') }} as {{ component }}_reported,
        {{ sum_of(members | select('in', supported), '{}_supported') }}
        + {{ sum_of(members | reject('in', supported), '{}_claimed') }}
            as {{ component }}_recomputed,
        {% endfor -%}
        wage_struck,
        0 as business_struck,
        property_struck,
        transfer_struck,
        {{ sum_of(items | reject('in', supported), '{}_claimed') }}
        + {{ sum_of(capacity, 'case when {0}_is_bounded then 0 else {0}_claimed end') }}
            as self_declared,
        {{ sum_of(recorded, 'least({0}_claimed, {0}_supported)') }}
        + {{ sum_of(capacity, 'case when {0}_is_bounded then {0}_supported else 0 end') }}
            as evidenced,
        {{ sum_of(recorded, '{}_supported') }} is not null as is_assessed
    from {{ ref('int_household_items') }}
)

select
    household_key,
    quarter,
    county_code,
    village_code,
    inclusion_rule_version,
    household_size,
    registered_size,
    is_on_roster,
    {% for component in components -%}
    {% for value in ['reported', 'recomputed', 'struck'] -%}
    cast({{ component }}_{{ value }} as decimal(18, 2)) as {{ component }}_income_{{ value }},
    {% endfor -%}
    {% endfor -%}
    cast(production_cost as decimal(18, 2)) as production_cost,
    cast({{ sum_of(components, '{}_reported') }} as decimal(18, 2)) as gross_income_reported,
    {% for value in ['reported', 'recomputed'] -%}
    cast({{ sum_of(components, '{}_' ~ value) }} - production_cost as decimal(18, 2))
        as net_income_{{ value }},
    {% endfor -%}
    self_declared,
    case when is_assessed then evidenced end as evidenced
from sums
