-- S5: growth that hardly differs between a village's households, by sub-item and together ('').
-- A middle half narrower than a tenth of a point says no more than one of a tenth.
with narrowest as (
    select *
    from {{ ref('int_guard_growth_spread') }}
    qualify
        row_number() over (
            partition by item, village_code, county_code, quarter
            order by middle_half asc, span desc
        ) = 1
)

select
    'S5' as signal_id,
    narrowest.item,
    'village' as entity_type,
    narrowest.village_code as entity_id,
    narrowest.county_code,
    narrowest.quarter,
    cast(narrowest.households as integer) as sample_size,
    cast(null as integer) as successes,
    round(-ln(greatest(narrowest.middle_half, 0.001)), 6) as statistic,
    printf(
        '%s%s：%d户同比增幅居中的一半相差%.1f个百分点',
        coalesce(sub_items.title_zh, '可变收入合计'),
        case narrowest.span when 'added' then '（当季）' else '（年初累计）' end,
        narrowest.households,
        100 * narrowest.middle_half
    ) as evidence_zh
from narrowest
left join {{ ref('income_sub_items') }} as sub_items
    on narrowest.item = sub_items.sub_item
