-- Monthly pay that goes on after the quarter in which its payee died: one row per person, sub-item
-- and quarter of payment, traced to the first of its payments.
with payments as (
    select
        payments.*,
        deaths.died_on,
        coalesce(payments.household_key, memberships.household_key) as payee_household
    from {{ ref('int_payments') }} as payments
    inner join {{ ref('int_deaths') }} as deaths
        on payments.person_key = deaths.person_key
    left join {{ ref('int_person_memberships') }} as memberships
        on
            payments.person_key = memberships.person_key
            and payments.pay_month >= memberships.valid_from
            and payments.pay_month < memberships.valid_until
    where payments.pay_month >= date_trunc('quarter', deaths.died_on) + interval 3 month
),

paid as (
    select
        person_key,
        payee_household as household_key,
        county_code,
        quarter,
        sub_item,
        died_on,
        count(*) as payments,
        min(pay_month) as first_month,
        max(pay_month) as last_month,
        sum(amount) as amount,
        {% for column in ['submission_id', 'source_sheet', 'source_row'] -%}
        arg_min({{ column }}, (pay_month, submission_id, source_row))
            as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from payments
    group by all
)

select
    'after_death' as finding_kind,
    'S16' as signal_id,
    paid.household_key,
    paid.person_key,
    paid.county_code,
    paid.quarter,
    paid.sub_item as item,
    cast(
        case paid.sub_item
            {% for item in monthly_sub_items() + employment_sub_items() -%}
            when '{{ item }}' then reports.{{ item }}
            {% endfor -%}
        end as decimal(18, 2)
    ) as amount_claimed,
    cast(0 as decimal(18, 2)) as amount_supported,
    cast(paid.amount as decimal(18, 2)) as amount,
    true as is_exact,
    printf(
        '该人登记于%s死亡，其后%s至%s仍有%d笔%s，共%.2f元',
        strftime(paid.died_on, '%Y-%m-%d'),
        strftime(paid.first_month, '%Y年%m月'),
        strftime(paid.last_month, '%Y年%m月'),
        paid.payments,
        sub_items.title_zh,
        cast(paid.amount as double)
    ) as evidence_zh,
    paid.submission_id as record_submission_id,
    paid.source_sheet as record_sheet,
    paid.source_row as record_row
from paid
inner join {{ ref('income_sub_items') }} as sub_items
    on paid.sub_item = sub_items.sub_item
left join {{ ref('int_household_reports') }} as reports
    on
        paid.household_key = reports.household_key
        and paid.quarter = reports.quarter
