-- One payment in two components: a self-declared item that the household did not have a year before
-- is to the yuan what an office paid it in the quarter. Round sums coincide by chance and are not
-- asked, nor is what comes month by month. Where the item held other income too, sums do not tell.
{% set again = ['business_planting', 'business_breeding', 'business_other', 'wage_casual',
    'property_other', 'transfer_other'] -%}
{% set from_yuan, round_to = 100, 100 -%}
with told as (
    select
        household_key,
        county_code,
        quarter,
        sub_item,
        sum(amount) as amount
    from {{ ref('int_payments') }}
    where component in ('property', 'transfer') and pay_month is null and household_key is not null
    group by household_key, county_code, quarter, sub_item
    having
        sum(amount) >= {{ from_yuan }}
        and cast(sum(amount) * 100 as bigint) % {{ 100 * round_to }} <> 0
),

matched as (
    {% for item in again -%}
    select
        told.*,
        '{{ item }}' as item,
        now.{{ item }}_flow as claimed
    from told
    inner join {{ ref('int_guard_households') }} as now
        on
            told.household_key = now.household_key
            and told.quarter = now.quarter
    where
        abs(now.{{ item }}_flow - told.amount) <= 0.5
        and coalesce(now.{{ item }}_flow_base, 0) = 0
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

-- The record of a sum of several payments is the first of them.
records as (
    select
        payments.household_key,
        payments.county_code,
        payments.quarter,
        payments.sub_item,
        {% for column in ['submission_id', 'source_sheet', 'source_row'] -%}
        arg_min(payments.{{ column }}, (payments.submission_id, payments.source_row))
            as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_payments') }} as payments
    semi join matched
        on
            payments.household_key = matched.household_key
            and payments.county_code = matched.county_code
            and payments.quarter = matched.quarter
            and payments.sub_item = matched.sub_item
    where payments.component in ('property', 'transfer') and payments.pay_month is null
    group by
        payments.household_key, payments.county_code, payments.quarter, payments.sub_item
)

select
    'counted_twice' as finding_kind,
    'S2' as signal_id,
    matched.household_key,
    cast(null as varchar) as person_key,
    matched.county_code,
    matched.quarter,
    matched.item,
    cast(matched.claimed as decimal(18, 2)) as amount_claimed,
    cast(matched.claimed - matched.amount as decimal(18, 2)) as amount_supported,
    cast(matched.amount as decimal(18, 2)) as amount,
    false as is_exact,
    printf(
        '当季新出现的%s与发放的%s%.2f元相同，疑似一笔款两处计入',
        sub_items.title_zh,
        paid_items.title_zh,
        cast(matched.amount as double)
    ) as evidence_zh,
    records.submission_id as record_submission_id,
    records.source_sheet as record_sheet,
    records.source_row as record_row
from matched
inner join records
    on
        matched.household_key = records.household_key
        and matched.county_code = records.county_code
        and matched.quarter = records.quarter
        and matched.sub_item = records.sub_item
inner join {{ ref('income_sub_items') }} as sub_items
    on matched.item = sub_items.sub_item
inner join {{ ref('income_sub_items') }} as paid_items
    on matched.sub_item = paid_items.sub_item
