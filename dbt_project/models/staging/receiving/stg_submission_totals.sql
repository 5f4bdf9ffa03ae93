-- The mean control figure per row of every accepted version of the files that incomes rest on, also
-- of versions that a later one replaced. A mean: rows left out and sent later raise it no more than
-- they lower it.
{% set figures = {
    'dibao_payments': 'amount',
    'disability_subsidies': 'amount',
    'ecological_compensation': 'amount',
    'employment_records': 'months_in_quarter * monthly_wage',
    'household_income_report': 'net_income',
    'land_transfers': 'rent_paid',
    'one_card_payments': 'amount',
    'pension_payments': 'amount',
    'public_welfare_payroll': 'amount',
    'village_dividends': 'amount',
    'work_relief_wages': 'amount',
} -%}
with figures as (
    {% for dataset, figure in figures.items() -%}
    select
        submission_id,
        avg(cast({{ figure }} as double)) as figure
    from {{ parquet_source('accepted', dataset) }}
    group by submission_id
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    submissions.submission_id,
    submissions.dataset,
    submissions.sender,
    submissions.quarter,
    submissions.submission_version,
    figures.figure
from {{ parquet_source('ledger', 'submissions') }} as submissions
inner join figures
    on submissions.submission_id = figures.submission_id
