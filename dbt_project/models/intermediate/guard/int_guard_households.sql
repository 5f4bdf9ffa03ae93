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
)

select
    now.household_key,
    now.quarter,
    now.county_code,
    left(now.village_code, 9) as township_code,
    now.village_code,
    now.collector_id,
    now.household_size,
    now.last_edited_at,
    now.income_year_quarter,
    base.household_key is not null as has_base,
    {% for item in items -%}
    now.{{ item }},
    base.{{ item }} as {{ item }}_base,
    now.{{ item }}_flow,
    base.{{ item }}_flow as {{ item }}_flow_base,
    previous.{{ item }}_flow as {{ item }}_flow_previous{{ ',' if not loop.last }}
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
