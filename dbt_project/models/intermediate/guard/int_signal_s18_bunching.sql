-- S18: households just above a line rather than just below it, at the end of the income year: the
-- low-income line of the plan, and the household's own income a year before (收入不增反降).
-- Within five percent of a line both sides hold about as many where nobody pushed; how many more
-- the rise of incomes puts above is learned from the other entities.
{% set window = 0.05 -%}
{% set areas = [('county', 'county_code'), ('township', 'township_code')] -%}
{% set lines = {'low_income_line': '低收入线', 'own_last_year': '上年收入'} -%}
with incomes as (
    select
        income.household_key,
        income.quarter,
        quarters.quarter_one_year_before,
        income.county_code,
        left(income.village_code, 9) as township_code,
        cast(income.net_income_reported as double) / nullif(income.household_size, 0) as per_capita
    from {{ ref('int_household_values') }} as income
    inner join {{ ref('int_quarters') }} as quarters
        on income.quarter = quarters.quarter
    where quarters.is_income_year_end
),

compared as (
    select
        now.county_code,
        now.township_code,
        now.quarter,
        now.quarter_one_year_before,
        now.per_capita / groups.per_capita_below - 1 as low_income_line,
        case when base.per_capita > 0 then now.per_capita / base.per_capita - 1 end
            as own_last_year
    from incomes as now
    inner join {{ ref('income_groups') }} as groups
        on groups.income_group = 'low'
    left join incomes as base
        on
            now.household_key = base.household_key
            and now.quarter_one_year_before = base.quarter
),

near as (
    {% for item in lines -%}
    select
        '{{ item }}' as item,
        county_code,
        township_code,
        quarter,
        quarter_one_year_before,
        {{ item }} >= 0 as is_above
    from compared
    where {{ item }} >= -{{ window }} and {{ item }} < {{ window }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

counted as (
    {% for entity_type, entity_id in areas -%}
    select
        item,
        '{{ entity_type }}' as entity_type,
        {{ entity_id }} as entity_id,
        county_code,
        quarter,
        quarter_one_year_before,
        count(*) as households,
        count(*) filter (where is_above) as above
    from near
    group by
        item,
        {{ entity_id }},
        {{ 'county_code, ' if entity_id != 'county_code' }}quarter,
        quarter_one_year_before
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    'S18' as signal_id,
    now.item,
    now.entity_type,
    now.entity_id,
    now.county_code,
    now.quarter,
    cast(now.households as integer) as sample_size,
    cast(now.above as integer) as successes,
    now.above / now.households as statistic,
    printf(
        '%s上下5%%以内共%d户，其中%d户在线上；%s',
        case now.item
            {% for item, title in lines.items() -%}
            when '{{ item }}' then '{{ title }}'
            {% endfor -%}
        end,
        now.households,
        now.above,
        coalesce(
            printf('上年%d户中%d户', earlier.households, earlier.above), '上年无可比数'
        )
    ) as evidence_zh
from counted as now
left join counted as earlier
    on
        now.item = earlier.item
        and now.entity_type = earlier.entity_type
        and now.entity_id = earlier.entity_id
        and now.county_code = earlier.county_code
        and now.quarter_one_year_before = earlier.quarter
