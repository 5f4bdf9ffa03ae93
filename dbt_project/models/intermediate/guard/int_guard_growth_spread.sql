-- How a village's households have grown, by sub-item and together (''): how many fall into the
-- fullest window of half a point, where that window lies, and how wide the middle half is. Both of
-- the year to date and of what the quarter added. Growth of nothing at all is no growth but a copy.
{% set items = discretionary_sub_items() -%}
{% set spans = [('to_date', '', '_base'), ('added', '_flow', '_flow_base')] -%}
{% set window = 0.005 -%}
with households as (
    select
        village_code,
        county_code,
        quarter,
        income_year_quarter,
        {% for span, now, base in spans -%}
        {% for item in items -%}
        {{ item ~ now }},
        {{ item ~ base }},
        {% endfor -%}
        {% for side in [now, base] -%}
        {% for item in items -%}
        coalesce({{ item ~ side }}, 0){{ ' + ' if not loop.last }}
        {%- endfor %} as total{{ side }},
        {% endfor -%}
        {% endfor -%}
        has_base
    from {{ ref('int_guard_households') }}
    where has_base
),

ratios as (
    {% for span, now, base in spans -%}
    {% for item in [''] + items -%}
    select
        '{{ span }}' as span,
        '{{ item }}' as item,
        village_code,
        county_code,
        quarter,
        ln({{ telling_ratio((item or 'total') ~ now, (item or 'total') ~ base) }}) as growth
    from households
    {% if span == 'added' -%}
    where income_year_quarter > 1
    {% endif -%}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
),

windows as (
    select
        span,
        item,
        village_code,
        county_code,
        quarter,
        growth,
        count(*) over (
            partition by span, item, village_code, county_code, quarter
            order by growth
            range between current row and {{ window }} following
        ) as in_window
    from ratios
    where growth <> 0
)

select
    span,
    item,
    village_code,
    county_code,
    quarter,
    count(*) as households,
    max(in_window) as in_fullest_window,
    round(arg_max(growth, in_window), 6) as fullest_from,
    round(quantile_cont(growth, 0.75) - quantile_cont(growth, 0.25), 6) as middle_half
from windows
group by span, item, village_code, county_code, quarter
qualify
    count(*)
    >= 0.75 * max(count(*)) over (partition by item, village_code, county_code, quarter)
