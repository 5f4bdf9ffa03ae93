-- S4: households that crowd into one narrow window of growth, by sub-item and together ('').
{% set percent = 'round(100 * (exp({}) - 1), 1)' -%}
with fullest as (
    select *
    from {{ ref('int_guard_growth_spread') }}
    qualify
        row_number() over (
            partition by item, village_code, county_code, quarter
            order by in_fullest_window / households desc, span desc
        ) = 1
)

select
    'S4' as signal_id,
    fullest.item,
    'village' as entity_type,
    fullest.village_code as entity_id,
    fullest.county_code,
    fullest.quarter,
    cast(fullest.households as integer) as sample_size,
    cast(null as integer) as successes,
    round(sqrt(fullest.in_fullest_window / fullest.households), 6) as statistic,
    printf(
        '%s%s：%d户中%d户的同比增幅集中在%.1f%%至%.1f%%之间',
        coalesce(sub_items.title_zh, '可变收入合计'),
        case fullest.span when 'added' then '（当季）' else '（年初累计）' end,
        fullest.households,
        fullest.in_fullest_window,
        {{ percent.format('fullest.fullest_from') }},
        {{ percent.format('fullest.fullest_from + 0.005') }}
    ) as evidence_zh
from fullest
left join {{ ref('income_sub_items') }} as sub_items
    on fullest.item = sub_items.sub_item
