-- S2: claims of recorded sub-items of which the register holds nothing in the income year.
{% set jobs = employment_sub_items() -%}
with claims as (
    {% for item in recorded_sub_items() -%}
    select
        '{{ item }}' as item,
        village_code,
        county_code,
        quarter,
        count(*) as claimants,
        count(*) filter (where {{ 'employment' if item in jobs else item }}_high = 0) as unrecorded,
        sum({{ item }}_claimed) filter (where {{ 'employment' if item in jobs else item }}_high = 0)
            as amount
    from {{ ref('int_guard_evidence') }}
    where {{ item }}_claimed > 0
    group by village_code, county_code, quarter
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    'S2' as signal_id,
    claims.item,
    'village' as entity_type,
    claims.village_code as entity_id,
    claims.county_code,
    claims.quarter,
    cast(claims.claimants as integer) as sample_size,
    cast(claims.unrecorded as integer) as successes,
    claims.unrecorded / claims.claimants as statistic,
    printf(
        '申报%s的%d户中，%d户在本收入年度没有任何登记，涉及%.0f元',
        sub_items.title_zh,
        claims.claimants,
        claims.unrecorded,
        cast(coalesce(claims.amount, 0) as double)
    ) as evidence_zh
from claims
inner join {{ ref('income_sub_items') }} as sub_items
    on claims.item = sub_items.sub_item
