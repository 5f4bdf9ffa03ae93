-- S6: figures that are those of last year or of last quarter to the yuan. A figure of few round
-- steps (300, 4000) repeats by chance, so only those of twenty steps or more are looked at. Of a
-- sub-item alone only villages are judged: a collector sees too few households.
{% set items = discretionary_sub_items() -%}
with compared as (
    select
        quarter,
        county_code,
        village_code,
        collector_id,
        {% for item in items -%}
        case
            when {{ item }} > 0 and {{ is_telling(item, 20) }} then {{ item }} = {{ item }}_base
        end as is_same_year_{{ item }},
        case
            when {{ item }}_flow > 0 and {{ is_telling(item ~ '_flow', 20) }}
                then
                    coalesce(
                        {{ item }}_flow = {{ item }}_flow_base,
                        {{ item }}_flow = {{ item }}_flow_previous
                    )
                    or coalesce(
                        {{ item }}_flow = {{ item }}_flow_previous,
                        {{ item }}_flow = {{ item }}_flow_base
                    )
        end as is_same_quarter_{{ item }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_guard_households') }}
),

-- Null where there is nothing to compare with.
judged as (
    select
        quarter,
        county_code,
        village_code,
        collector_id,
        {% for item in items -%}
        coalesce(is_same_year_{{ item }}, is_same_quarter_{{ item }})
        or coalesce(is_same_quarter_{{ item }}, is_same_year_{{ item }}) as {{ item }}
        {{- ',' if not loop.last }}
        {% endfor %}
    from compared
),

counted as (
    select
        case when grouping(village_code) = 0 then 'village' else 'collector' end as entity_type,
        coalesce(village_code, county_code || '-' || collector_id) as entity_id,
        county_code,
        quarter,
        {% for item in items -%}
        count({{ item }}) as cells_{{ item }},
        count(*) filter (where {{ item }}) as copied_{{ item }}{{ ',' if not loop.last }}
        {% endfor %}
    from judged
    group by grouping sets (
        (village_code, county_code, quarter), (collector_id, county_code, quarter)
    )
),

by_item as (
    select
        '' as item,
        entity_type,
        entity_id,
        county_code,
        quarter,
        cells_{{ items | join(' + cells_') }} as cells,
        copied_{{ items | join(' + copied_') }} as copied
    from counted
    where entity_id is not null
    {% for item in items -%}
    union all
    select
        '{{ item }}' as item,
        entity_type,
        entity_id,
        county_code,
        quarter,
        cells_{{ item }} as cells,
        copied_{{ item }} as copied
    from counted
    where entity_type = 'village'
    {% endfor -%}
)

select
    'S6' as signal_id,
    by_item.item,
    by_item.entity_type,
    by_item.entity_id,
    by_item.county_code,
    by_item.quarter,
    cast(by_item.cells as integer) as sample_size,
    cast(null as integer) as successes,
    {{ stabilised_share('by_item.copied', 'by_item.cells') }} as statistic,
    printf(
        '%s%d个数额中%d个与上年同季或上季完全相同（%.1f%%）',
        coalesce(sub_items.title_zh, '各可变项目'),
        by_item.cells,
        by_item.copied,
        100 * by_item.copied / by_item.cells
    ) as evidence_zh
from by_item
left join {{ ref('income_sub_items') }} as sub_items
    on by_item.item = sub_items.sub_item
where by_item.cells > 0
