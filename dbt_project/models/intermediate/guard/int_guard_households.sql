-- What the shape tests look at: the discretionary items of every report, year to date, beside the
-- same household's items a year before, and what each quarter added. An item that a known rule
-- covers is null: it was not the household, nor its village, that chose the figure.
{% set items = discretionary_sub_items() + ['production_cost'] -%}
with reports as (
    select
        reports.household_key,
        reports.quarter,
        reports.county_code,
        reports.village_code,
        reports.collector_id,
        reports.household_size,
        reports.cultivated_land_mu,
        reports.last_edited_at,
        quarters.income_year_quarter,
        quarters.quarter_one_year_before,
        cast(reports.quarter - interval 3 month as date) as quarter_before,
        {% for item in items -%}
        cast(reports.{{ item }} as double) as {{ item }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_household_reports') }} as reports
    inner join {{ ref('int_quarters') }} as quarters
        on reports.quarter = quarters.quarter
),

flows as (
    select
        reports.*,
        {% for item in items -%}
        case
            when reports.income_year_quarter = 1 then reports.{{ item }}
            else reports.{{ item }} - earlier.{{ item }}
        end as {{ item }}_flow{{ ',' if not loop.last }}
        {% endfor %}
    from reports
    left join reports as earlier
        on
            reports.household_key = earlier.household_key
            and reports.quarter_before = earlier.quarter
),

covered as (
    select
        village_code,
        quarter,
        {% for item in items -%}
        bool_or(sub_item = '{{ item }}') as {{ item }},
        bool_or(sub_item = '{{ item }}' and covers_flow)
            as {{ item }}_flow{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_known_rules') }}
    group by village_code, quarter
)

select
    now.household_key,
    now.quarter,
    now.county_code,
    left(now.village_code, 9) as township_code,
    now.village_code,
    now.collector_id,
    now.household_size,
    now.cultivated_land_mu,
    now.last_edited_at,
    now.income_year_quarter,
    base.household_key is not null as has_base,
    {% for item in items -%}
    case when covered.{{ item }} is not true then now.{{ item }} end as {{ item }},
    case when covered.{{ item }} is not true then base.{{ item }} end as {{ item }}_base,
    case when covered.{{ item }}_flow is not true then now.{{ item }}_flow end as {{ item }}_flow,
    case when covered.{{ item }}_flow is not true then base.{{ item }}_flow end
        as {{ item }}_flow_base,
    case when covered.{{ item }}_flow is not true then previous.{{ item }}_flow end
        as {{ item }}_flow_previous{{ ',' if not loop.last }}
    {% endfor %}
from flows as now
left join flows as base
    on
        now.household_key = base.household_key
        and now.quarter_one_year_before = base.quarter
left join flows as previous
    on
        now.household_key = previous.household_key
        and now.quarter_before = previous.quarter
left join covered
    on
        now.village_code = covered.village_code
        and now.quarter = covered.quarter
