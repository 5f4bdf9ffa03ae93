-- Net income of a household, income year to date, in its three values:
-- wage + business + property + transfer - production cost, divided by the members counted.
{% set components = income_components() -%}
{% set recorded = recorded_sub_items() -%}
{% set capacity = capacity_sub_items() -%}
{% set supported = recorded + capacity -%}
{% set figures = [
    'wage_income', 'business_income', 'property_income', 'transfer_income', 'production_cost',
    'net_income',
] -%}
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
),

valued as (
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
        cast({{ component }}_reported as decimal(18, 2)) as {{ component }}_income_reported,
        cast({{ component }}_recomputed as decimal(18, 2)) as {{ component }}_income_recomputed,
        cast({{ component }}_recomputed - {{ component }}_struck as decimal(18, 2))
            as {{ component }}_income_verified,
        {% endfor -%}
        {% for value in calibrated_values() -%}
        cast(production_cost as decimal(18, 2)) as production_cost_{{ value }},
        {% endfor -%}
        self_declared,
        case when is_assessed then evidenced end as evidenced,
        wage_struck + property_struck + transfer_struck > 0 as is_struck
    from sums
),

netted as (
    select
        *,
        wage_income_reported + business_income_reported
        + property_income_reported + transfer_income_reported as gross_income_reported,
        {% for value in calibrated_values() -%}
        cast(
            wage_income_{{ value }} + business_income_{{ value }}
            + property_income_{{ value }} + transfer_income_{{ value }}
            - production_cost_{{ value }}
            as decimal(18, 2)
        ) as net_income_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from valued
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
    {% for figure in figures -%}
    {% for value in calibrated_values() -%}
    {{ figure }}_{{ value }},
    {% endfor -%}
    {% endfor -%}
    {% for value in calibrated_values() -%}
    {{ div_exact('net_income_' ~ value, 'household_size') }}
        as per_capita_net_income_{{ value }},
    {% endfor -%}
    {{ div_exact('self_declared', 'gross_income_reported', 4) }} as self_declared_share,
    {{ div_exact('evidenced', 'gross_income_reported', 4) }} as evidence_coverage,
    case
        when is_struck then 'struck'
        when net_income_recomputed is null then 'not_assessed'
        when
            abs(net_income_reported - net_income_recomputed)
            <= {{ var('match_tolerance') }} * gross_income_reported
            then 'matched'
        else 'gap'
    end as verification_status
from netted
