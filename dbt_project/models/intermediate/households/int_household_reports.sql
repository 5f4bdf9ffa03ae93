{{ config(materialized='view') }}
-- One report per household and quarter, with what the roster of the same county says of the
-- household. A household that two counties report counts once: where it is on the roster.
{% set sub_items = income_components().values() | sum(start=[]) %}
with joined as (
    select
        reports.*,
        roster.registered_size,
        roster.cultivated_land_mu,
        roster.household_key is not null as is_on_roster
    from {{ ref('stg_household_income_report') }} as reports
    left join {{ ref('stg_household_roster') }} as roster
        on
            reports.household_key = roster.household_key
            and reports.county_code = roster.county_code
            and reports.quarter = roster.quarter
),

claimed_twice as (
    select
        household_key,
        quarter,
        coalesce(min(case when is_on_roster then county_code end), min(county_code))
            as county_code
    from joined
    group by household_key, quarter
    having count(*) > 1
)

select
    joined.household_key,
    joined.quarter,
    joined.county_code,
    joined.village_code,
    joined.household_size,
    joined.registered_size,
    joined.cultivated_land_mu,
    joined.is_on_roster,
    {% for sub_item in sub_items -%}
    joined.{{ sub_item }},
    {% endfor -%}
    joined.production_cost - coalesce(joined.cost_subsidy, 0) as production_cost
from joined
left join claimed_twice
    on
        joined.household_key = claimed_twice.household_key
        and joined.quarter = claimed_twice.quarter
where
    claimed_twice.household_key is null
    or joined.county_code = claimed_twice.county_code
