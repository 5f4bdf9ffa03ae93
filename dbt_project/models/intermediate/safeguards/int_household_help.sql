{{ config(materialized='view') }}
-- Relief and actions that reached a household, by the quarter in which each began. What runs on (an
-- allowance, a post) is an event in its first quarter only, and none in the register's first, where
-- it may have begun long before.
{% set running = {
    'dibao_payments': "relief_kind in ('dibao', 'destitute')",
    'public_welfare_payroll': "payment_status = 'paid'",
} -%}
{% set by_year = {
    'disability_register': 'is_family_helped',
    'employment_services': 'guidance_sessions + job_offers > 0',
} -%}
{% set single = {
    'medical_expenses': 'paid_assistance > 0',
    'student_aid': 'amount > 0',
} -%}
with
{% for dataset, condition in running.items() -%}
{{ dataset }}_quarters as (
    select distinct
        person_key,
        quarter
    from {{ ref('stg_' ~ dataset) }}
    where {{ condition }}
),

{{ dataset }}_starts as (
    select
        person_key,
        quarter
    from {{ dataset }}_quarters
    qualify
        quarter > min(quarter) over ()
        and coalesce(lag(quarter) over (partition by person_key order by quarter), '0001-01-01')
        < quarter - interval 3 month
),

{% endfor -%}
reached_persons as (
    {% for dataset in running -%}
    select
        person_key,
        quarter,
        '{{ dataset }}' as dataset
    from {{ dataset }}_starts
    union all
    {% endfor -%}
    {% for dataset, condition in by_year.items() -%}
    select
        services.person_key,
        min(services.quarter) as quarter,
        '{{ dataset }}' as dataset
    from {{ ref('stg_' ~ dataset) }} as services
    inner join {{ ref('int_quarters') }} as quarters
        on services.quarter = quarters.quarter
    where {{ condition }}
    group by services.person_key, quarters.calendar_year
    union all
    {% endfor -%}
    {% for dataset, condition in single.items() -%}
    select
        person_key,
        quarter,
        '{{ dataset }}' as dataset
    from {{ ref('stg_' ~ dataset) }}
    where {{ condition }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select distinct
    memberships.household_key,
    reached_persons.quarter,
    reached_persons.dataset
from reached_persons
inner join {{ ref('int_person_memberships') }} as memberships
    on
        reached_persons.person_key = memberships.person_key
        and reached_persons.quarter >= memberships.valid_from
        and reached_persons.quarter < memberships.valid_until
{% for dataset in ['low_income_actions', 'temporary_relief', 'disaster_relief'] -%}
union distinct
select
    household_key,
    quarter,
    '{{ dataset }}' as dataset
from {{ ref('stg_' ~ dataset) }}
{% if dataset != 'low_income_actions' -%}
where amount > 0
{% endif -%}
{% endfor -%}
