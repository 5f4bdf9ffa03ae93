-- S3: households whose items have all grown by one factor. Real items grow apart: four that agree
-- to within a point are hardly ever seen, three seldom, two more often, so two must agree more
-- closely. Items that are too small or too coarsely rounded to tell, or that did not move, tell
-- nothing; an item that was not scaled with the others does not hide them.
{% set items = discretionary_sub_items() -%}
{% set spans = [('to_date', '', '_base'), ('added', '_flow', '_flow_base')] -%}
{% set tolerance, tolerance_of_two, minimum_growth = 0.01, 0.002, 0.003 -%}
with ratios as (
    select
        quarter,
        county_code,
        village_code,
        collector_id,
        {% for item in items -%}
        cast(coalesce({{ item }} > 0 and {{ item }}_base > 0, false) as integer)
        {{- ' + ' if not loop.last }}
        {% endfor -%}
        as comparable_items,
        {% for span, now, base in spans -%}
        list_sort(
            list_filter(
                [
                    {% for item in items -%}
                    {{ telling_ratio(item ~ now, item ~ base) }}{{ ',' if not loop.last }}
                    {% endfor %}
                ],
                lambda ratio: abs(ratio - 1) > {{ minimum_growth }}
            )
        ) as {{ span }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_guard_households') }}
    where has_base
),

-- The year to date or the quarter alone: either may be what was made up.
judged as (
    select
        quarter,
        county_code,
        village_code,
        collector_id,
        {% for span, _, _ in spans -%}
        case
            when len({{ span }}) = 2 then {{ span }}[2] - {{ span }}[1] < {{ tolerance_of_two }}
            when len({{ span }}) = 3 then {{ span }}[3] - {{ span }}[1] < {{ tolerance }}
            when len({{ span }}) > 3
                then
                    least(
                        {% for first in range(1, (items | length) - 2) -%}
                        {{ span }}[{{ first + 3 }}] - {{ span }}[{{ first }}]
                        {{- ',' if not loop.last }}
                        {% endfor %}
                    ) < {{ tolerance }}
        end as is_coherent_{{ span }},
        {{ span }}[(len({{ span }}) + 1) // 2] - 1 as growth_{{ span }}{{ ',' if not loop.last }}
        {% endfor %}
    from ratios
    where comparable_items >= 2 or len(to_date) >= 2 or len(added) >= 2
),

counted as (
    select
        case when grouping(village_code) = 0 then 'village' else 'collector' end as entity_type,
        coalesce(village_code, county_code || '-' || collector_id) as entity_id,
        county_code,
        quarter,
        cast(count(*) as integer) as sample_size,
        cast(count(*) filter (where is_coherent_to_date or is_coherent_added) as integer)
            as successes,
        median(case when is_coherent_to_date then growth_to_date else growth_added end)
            filter (where is_coherent_to_date or is_coherent_added) as growth
    from judged
    group by grouping sets (
        (village_code, county_code, quarter), (collector_id, county_code, quarter)
    )
)

select
    'S3' as signal_id,
    '' as item,
    entity_type,
    entity_id,
    county_code,
    quarter,
    sample_size,
    successes,
    successes / sample_size as statistic,
    printf(
        '%d户中%d户的各项收入同比增幅几乎一致（相差不到1个百分点），增幅中位数%.1f%%',
        sample_size,
        successes,
        100 * coalesce(growth, 0)
    ) as evidence_zh
from counted
where entity_id is not null
