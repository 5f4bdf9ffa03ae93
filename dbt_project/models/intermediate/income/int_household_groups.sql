-- Where a household stands among all households of its quarter and against itself a year before.
with incomes as (
    select
        household_key,
        quarter,
        per_capita_net_income_reported,
        per_capita_net_income_recomputed,
        per_capita_net_income_verified
    from {{ ref('int_household_income') }}
),

low_group as (
    select per_capita_below as low_income_below
    from {{ ref('income_groups') }}
    where income_group = 'low'
)

select
    incomes.household_key,
    incomes.quarter,
    cast(ntile(5) over (
        partition by incomes.quarter
        order by incomes.per_capita_net_income_reported, incomes.household_key
    ) as integer) as income_quintile,
    {% for value in calibrated_values() -%}
    case
        when quarters.is_income_year_end
            then incomes.per_capita_net_income_{{ value }} < low_group.low_income_below
    end as is_low_income_{{ value }},
    case
        when quarters.is_income_year_end
            then earlier.per_capita_net_income_{{ value }} < low_group.low_income_below
    end as was_low_income_{{ value }},
    incomes.per_capita_net_income_{{ value }} < earlier.per_capita_net_income_{{ value }}
        as is_income_decline_{{ value }}{{ ',' if not loop.last }}
    {% endfor %}
from incomes
inner join {{ ref('int_quarters') }} as quarters
    on incomes.quarter = quarters.quarter
cross join low_group
left join incomes as earlier
    on
        incomes.household_key = earlier.household_key
        and quarters.quarter_one_year_before = earlier.quarter
