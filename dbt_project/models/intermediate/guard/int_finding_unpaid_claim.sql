-- Dividends, One-Card payments, pensions and other income that an office pays, claimed by a
-- household to which no payment is on record in the income year. Wages are not among them: they may
-- be paid in cash. The claim is the one that has had a quarter to be recorded (int_guard_evidence).
{% set items = recorded_sub_items() | reject('in', employment_sub_items()) | list -%}
{% set from_yuan = 100 -%}
with claims as (
    {% for item in items -%}
    select
        household_key,
        county_code,
        quarter,
        '{{ item }}' as item,
        {{ item }}_claimed as claimed
    from {{ ref('int_guard_evidence') }}
    where {{ item }}_high = 0 and {{ item }}_claimed >= {{ from_yuan }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    'unpaid_claim' as finding_kind,
    'S2' as signal_id,
    claims.household_key,
    cast(null as varchar) as person_key,
    claims.county_code,
    claims.quarter,
    claims.item,
    cast(claims.claimed as decimal(18, 2)) as amount_claimed,
    cast(0 as decimal(18, 2)) as amount_supported,
    cast(claims.claimed as decimal(18, 2)) as amount,
    false as is_exact,
    printf(
        '申报%s%.2f元，本收入年度没有任何发放登记',
        sub_items.title_zh,
        cast(claims.claimed as double)
    ) as evidence_zh,
    cast(null as varchar) as record_submission_id,
    cast(null as varchar) as record_sheet,
    cast(null as integer) as record_row
from claims
inner join {{ ref('income_sub_items') }} as sub_items
    on claims.item = sub_items.sub_item
