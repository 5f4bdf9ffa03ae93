-- A household whose form was edited after the deadline, in a later version of its county's report
-- that states more than the version before: traced to the row that was replaced.
{% set rise = 0.01 -%}
with replaced as (
    select
        household_key,
        county_code,
        quarter,
        max_by(net_income, submission_version) as net_income,
        {% for column in ['submission_id', 'source_sheet', 'source_row'] -%}
        max_by({{ column }}, submission_version) as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('stg_replaced_reports') }}
    group by household_key, county_code, quarter
)

select
    'late_edit' as finding_kind,
    'S19' as signal_id,
    replaced.household_key,
    cast(null as varchar) as person_key,
    replaced.county_code,
    replaced.quarter,
    '' as item,
    cast(incomes.net_income_reported as decimal(18, 2)) as amount_claimed,
    cast(replaced.net_income as decimal(18, 2)) as amount_supported,
    cast(incomes.net_income_reported - replaced.net_income as decimal(18, 2)) as amount,
    false as is_exact,
    printf(
        '截止后于%s修改，纯收入由%.2f元改为%.2f元',
        strftime(reports.last_edited_at, '%Y-%m-%d %H:%M'),
        cast(replaced.net_income as double),
        cast(incomes.net_income_reported as double)
    ) as evidence_zh,
    replaced.submission_id as record_submission_id,
    replaced.source_sheet as record_sheet,
    replaced.source_row as record_row
from replaced
inner join {{ ref('int_household_values') }} as incomes
    on
        replaced.household_key = incomes.household_key
        and replaced.county_code = incomes.county_code
        and replaced.quarter = incomes.quarter
inner join {{ ref('int_household_reports') }} as reports
    on
        replaced.household_key = reports.household_key
        and replaced.quarter = reports.quarter
inner join {{ ref('int_quarters') }} as quarters
    on replaced.quarter = quarters.quarter
inner join {{ ref('datasets') }} as datasets
    on datasets.dataset = 'household_income_report'
where
    incomes.net_income_reported > (1 + {{ rise }}) * replaced.net_income
    and reports.last_edited_at
    >= quarters.quarter_end + (datasets.deadline_days + 1) * interval 1 day
