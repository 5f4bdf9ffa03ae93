-- A loan booked as income: in the quarter in which a loan was paid out, one self-declared item adds
-- what it added a year before plus the principal, give or take a hundredth of it and a third of the
-- item itself. A principal that does not stand out above the item's usual size tells nothing.
{% set items = ['business_planting', 'business_breeding', 'business_other', 'wage_casual',
    'property_other', 'transfer_other'] -%}
with loans as (
    select
        household_key,
        county_code,
        cast(date_trunc('quarter', disbursed_on) as date) as quarter,
        sum(principal) as principal,
        {% for column in ['submission_id', 'source_sheet', 'source_row'] -%}
        arg_min({{ column }}, (submission_id, source_row))
            as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from (
        select *
        from {{ ref('stg_microloans') }}
        qualify row_number() over (
            partition by county_code, loan_no
            order by quarter
        ) = 1
    )
    group by household_key, county_code, cast(date_trunc('quarter', disbursed_on) as date)
),

added as (
    {% for item in items -%}
    select
        loans.*,
        '{{ item }}' as item,
        now.{{ item }}_flow as flow,
        coalesce(now.{{ item }}_flow_base, now.{{ item }}_flow_previous, 0) as usual
    from loans
    inner join {{ ref('int_guard_households') }} as now
        on
            loans.household_key = now.household_key
            and loans.quarter = now.quarter
    where now.{{ item }}_flow >= 0.9 * loans.principal
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    'loan_as_income' as finding_kind,
    'S17' as signal_id,
    added.household_key,
    cast(null as varchar) as person_key,
    added.county_code,
    added.quarter,
    added.item,
    cast(added.flow as decimal(18, 2)) as amount_claimed,
    cast(added.flow - added.principal as decimal(18, 2)) as amount_supported,
    cast(added.principal as decimal(18, 2)) as amount,
    false as is_exact,
    printf(
        '当季%s增加%.2f元，比上年同季多出的部分与当季发放的贷款本金%.2f元相当',
        sub_items.title_zh,
        added.flow,
        cast(added.principal as double)
    ) as evidence_zh,
    added.submission_id as record_submission_id,
    added.source_sheet as record_sheet,
    added.source_row as record_row
from added
inner join {{ ref('income_sub_items') }} as sub_items
    on added.item = sub_items.sub_item
where
    added.usual <= 0.5 * added.principal
    and abs(added.flow - added.usual - added.principal)
    <= 0.01 * added.principal + 0.33 * added.usual
