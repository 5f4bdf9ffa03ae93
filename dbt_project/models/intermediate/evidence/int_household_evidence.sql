-- What the registers hold of a household, income year to date, one column per recorded sub-item.
{% set items = recorded_sub_items() -%}
{% set components = ['wage', 'property', 'transfer'] -%}
with payments as (
    select
        payments.sub_item,
        payments.component,
        payments.quarter,
        payments.amount,
        coalesce(payments.household_key, memberships.household_key) as household_key,
        case when struck.reason is not null then payments.amount else 0 end as struck_amount
    from {{ ref('int_payments') }} as payments
    left join {{ ref('int_person_memberships') }} as memberships
        on
            payments.household_key is null
            and payments.person_key = memberships.person_key
            and payments.quarter >= memberships.valid_from
            and payments.quarter < memberships.valid_until
    left join {{ ref('int_struck_payments') }} as struck
        on
            payments.submission_id = struck.submission_id
            and payments.source_sheet = struck.source_sheet
            and payments.source_row = struck.source_row
    inner join {{ ref('int_sub_item_status') }} as status
        on
            payments.sub_item = status.sub_item
            and payments.quarter = status.quarter
            and status.is_counted
),

in_quarter as (
    select
        household_key,
        quarter,
        {% for item in items -%}
        sum(case when sub_item = '{{ item }}' then amount else 0 end) as {{ item }},
        {% endfor -%}
        {% for component in components -%}
        sum(case when component = '{{ component }}' then struck_amount else 0 end)
            as {{ component }}_struck{{ ',' if not loop.last }}
        {% endfor %}
    from payments
    where household_key is not null
    group by household_key, quarter
)

select
    in_quarter.household_key,
    later.quarter,
    {% for item in items -%}
    cast(sum(in_quarter.{{ item }}) as decimal(18, 2)) as {{ item }}_recorded,
    {% endfor -%}
    {% for component in components -%}
    cast(sum(in_quarter.{{ component }}_struck) as decimal(18, 2))
        as {{ component }}_struck{{ ',' if not loop.last }}
    {% endfor %}
from in_quarter
inner join {{ ref('int_quarters') }} as paid
    on in_quarter.quarter = paid.quarter
inner join {{ ref('int_quarters') }} as later
    on
        paid.income_year = later.income_year
        and paid.quarter <= later.quarter
group by in_quarter.household_key, later.quarter
