-- One payment in two components: a self-declared item that the household did not have a year before
-- is to the yuan what an office paid it in the quarter. Round sums coincide by chance and are not
-- asked, nor is what comes month by month. Where the item held other income too, sums do not tell.
{% set again = ['business_planting', 'business_breeding', 'business_other', 'wage_casual',
    'property_other', 'transfer_other'] -%}
{% set from_yuan, round_to = 100, 100 -%}
with paid as (
    select
        household_key,
        county_code,
        quarter,
        sub_item,
        sum(amount) as amount,
        {% for column in ['submission_id', 'source_sheet', 'source_row'] -%}
        arg_min({{ column }}, (submission_id, source_row))
            as {{ column }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_payments') }}
    where component in ('property', 'transfer') and pay_month is null and household_key is not null
    group by household_key, county_code, quarter, sub_item
),

told as (
    select *
    from paid
    where amount >= {{ from_yuan }} and cast(amount * 100 as bigint) % {{ 100 * round_to }} <> 0
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
    matched.submission_id as record_submission_id,
    matched.source_sheet as record_sheet,
    matched.source_row as record_row
from matched
inner join {{ ref('income_sub_items') }} as sub_items
    on matched.item = sub_items.sub_item
inner join {{ ref('income_sub_items') }} as paid_items
    on matched.sub_item = paid_items.sub_item
