-- Net income of a household, income year to date, in its three values: wage + business + property
-- + transfer - production cost, divided by the members counted. Verified is what the records
-- support, less what cannot stand and less what an open serious lead withholds.
{% set components = income_components() -%}
{% set figures = [
    'wage_income', 'business_income', 'property_income', 'transfer_income', 'production_cost',
    'net_income',
] -%}
with valued as (
    select
        incomes.household_key,
        incomes.quarter,
        incomes.county_code,
        incomes.village_code,
        incomes.inclusion_rule_version,
        incomes.household_size,
        incomes.registered_size,
        incomes.is_on_roster,
        {% for component in components -%}
        incomes.{{ component }}_income_reported,
        incomes.{{ component }}_income_recomputed,
        cast(
            incomes.{{ component }}_income_recomputed - incomes.{{ component }}_income_struck
            - coalesce(withheld.{{ component }}_withheld, 0)
            as decimal(18, 2)
        ) as {{ component }}_income_verified,
        {% endfor -%}
        {% for value in calibrated_values() -%}
        incomes.production_cost as production_cost_{{ value }},
        {% endfor -%}
        incomes.net_income_reported,
        incomes.net_income_recomputed,
        incomes.gross_income_reported,
        incomes.self_declared,
        incomes.evidenced,
        {{ sum_of(components, 'incomes.{}_income_struck') }} > 0 as is_struck,
        case
            when incomes.net_income_recomputed is not null
                then cast(
                    coalesce({{ sum_of(components, 'withheld.{}_withheld') }}, 0) as decimal(18, 2)
                )
        end as withheld_income
    from {{ ref('int_household_values') }} as incomes
    left join {{ ref('int_withheld_income') }} as withheld
        on
            incomes.household_key = withheld.household_key
            and incomes.quarter = withheld.quarter
),

netted as (
    select
        *,
        cast(
            {{ sum_of(components, '{}_income_verified') }} - production_cost_verified
            as decimal(18, 2)
        ) as net_income_verified
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
    withheld_income,
    {{ div_exact('self_declared', 'gross_income_reported', 4) }} as self_declared_share,
    {{ div_exact('evidenced', 'gross_income_reported', 4) }} as evidence_coverage,
    case
        when is_struck then 'struck'
        when net_income_recomputed is null then 'not_assessed'
        when withheld_income > 0 then 'withheld'
        when
            abs(net_income_reported - net_income_recomputed)
            <= {{ var('match_tolerance') }} * gross_income_reported
            then 'matched'
        else 'gap'
    end as verification_status
from netted
