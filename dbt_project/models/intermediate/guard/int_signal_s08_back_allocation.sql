-- S8: village figures that lie just above a target rather than just below it, and village means
-- that come to a round sum: what totals look like that were settled first and shared out after.
-- Income that just happens lies on either side of a line alike. Levels are compared at the end of
-- the income year, growth in each of its quarters. Targets are the plan's; a county files no income
-- target of its own.
{% set window, round_to, minimum_persons = 0.005, 100, 30 -%}
{% set areas = [('county', 'county_code'), ('township', 'township_code')] -%}
{% set items = {
    'level': '%d个村的人均纯收入与目标相差不到0.5%%，其中%d个在目标之上',
    'growth': '%d个村的人均纯收入增速与目标相差不到0.5个百分点，其中%d个在目标之上',
    'round_mean': '%d个村中%d个村的人均纯收入正好是100元的整倍数',
} -%}
with villages as (
    select
        county_code,
        left(village_code, 9) as township_code,
        village_code,
        quarter,
        cast(sum(net_income_reported) as double) / sum(household_size) as per_capita
    from {{ ref('int_household_values') }}
    group by county_code, village_code, quarter
    having sum(household_size) >= {{ minimum_persons }}
),

targets as (
    select
        income_year,
        max(target) filter (where metric = 'per_capita_net_income') as level_target,
        max(target) filter (where metric = 'per_capita_net_income_growth') as growth_target
    from {{ ref('goals') }}
    where scope = 'region' and target is not null
    group by income_year
),

placed as (
    select
        villages.*,
        case
            when quarters.is_income_year_end then villages.per_capita / targets.level_target - 1
        end as level,
        villages.per_capita / nullif(earlier.per_capita, 0) - 1 - targets.growth_target as growth
    from villages
    inner join {{ ref('int_quarters') }} as quarters
        on villages.quarter = quarters.quarter
    left join villages as earlier
        on
            villages.village_code = earlier.village_code
            and villages.county_code = earlier.county_code
            and quarters.quarter_one_year_before = earlier.quarter
    left join targets
        on quarters.income_year = targets.income_year
),

judged as (
    {% for item in ['level', 'growth'] -%}
    select
        county_code,
        township_code,
        quarter,
        '{{ item }}' as item,
        {{ item }} >= 0 as is_hit
    from placed
    where {{ item }} >= -{{ window }} and {{ item }} < {{ window }}
    union all
    {% endfor -%}
    select
        county_code,
        township_code,
        quarter,
        'round_mean' as item,
        abs(per_capita - round(per_capita / {{ round_to }}) * {{ round_to }}) < 0.5 as is_hit
    from placed
)

{% for entity_type, entity_id in areas -%}
select
    'S8' as signal_id,
    item,
    '{{ entity_type }}' as entity_type,
    {{ entity_id }} as entity_id,
    county_code,
    quarter,
    cast(count(*) as integer) as sample_size,
    cast(count(*) filter (where is_hit) as integer) as successes,
    count(*) filter (where is_hit) / count(*) as statistic,
    printf(
        case item
            {% for item, sentence in items.items() -%}
            when '{{ item }}' then '{{ sentence }}'
            {% endfor -%}
        end,
        count(*),
        count(*) filter (where is_hit)
    ) as evidence_zh
from judged
group by
    item,
    {{ entity_id }},
    {{ 'county_code, ' if entity_id != 'county_code' }}quarter
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
