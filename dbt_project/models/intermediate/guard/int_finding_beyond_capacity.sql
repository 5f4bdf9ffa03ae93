-- Income from crops or livestock more than half above what land or herd can bear (the benchmarks of
-- seeds/capacity_benchmarks.csv). What no register bounds is not asked.
{% set tolerance, from_yuan = 1.5, 2000 -%}
{% set holdings = {'business_planting': '耕地', 'business_breeding': '牲畜'} -%}
with claims as (
    {% for item in capacity_sub_items() -%}
    select
        household_key,
        county_code,
        quarter,
        '{{ item }}' as item,
        '{{ holdings[item] }}' as holding_zh,
        {{ item }}_claimed as claimed,
        {{ item }}_supported as bound
    from {{ ref('int_household_items') }}
    where
        {{ item }}_is_bounded
        and {{ item }}_claimed > {{ tolerance }} * {{ item }}_supported
        and {{ item }}_claimed - {{ item }}_supported >= {{ from_yuan }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    'beyond_capacity' as finding_kind,
    'S15' as signal_id,
    claims.household_key,
    cast(null as varchar) as person_key,
    claims.county_code,
    claims.quarter,
    claims.item,
    cast(claims.claimed as decimal(18, 2)) as amount_claimed,
    cast(claims.bound as decimal(18, 2)) as amount_supported,
    cast(claims.claimed - claims.bound as decimal(18, 2)) as amount,
    false as is_exact,
    printf(
        '申报%s%.2f元，登记的%s按基准最多%.2f元',
        sub_items.title_zh,
        cast(claims.claimed as double),
        claims.holding_zh,
        cast(claims.bound as double)
    ) as evidence_zh,
    cast(null as varchar) as record_submission_id,
    cast(null as varchar) as record_sheet,
    cast(null as integer) as record_row
from claims
inner join {{ ref('income_sub_items') }} as sub_items
    on claims.item = sub_items.sub_item
