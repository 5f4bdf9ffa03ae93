-- Figures of the publication before that are no longer what they were, in the quarters that it had:
-- a new quarter changes nothing. What has no publication before it has nothing to change.
{% set key = ['figure', 'subject', 'county_code', 'quarter', 'value_kind'] -%}
{% set figures = {
    'measure_completion': {
        'published': ref('stg_published_measure_completion'),
        'built': ref('int_measure_completion'), 'subject': 'indicator_id', 'prefix': '',
    },
    'income_total': {
        'published': ref('stg_published_income_components'),
        'built': ref('int_county_components'), 'subject': 'component', 'prefix': 'total_',
    },
    'income_per_capita': {
        'published': ref('stg_published_income_components'),
        'built': ref('int_county_components'), 'subject': 'component', 'prefix': 'per_capita_',
    },
    'goal_attainment': {
        'published': ref('stg_published_goal_attainment'),
        'built': ref('int_goal_attainment'), 'subject': 'goal_id', 'prefix': 'value_',
    },
} -%}
with {% for side in ['published', 'built'] -%}
{{ side }} as (
    {% for figure, place in figures.items() -%}
    {% for value in calibrated_values() -%}
    select
        '{{ figure }}' as figure,
        {{ place.subject }} as subject,
        county_code,
        quarter,
        '{{ value }}' as value_kind,
        cast({{ place.prefix }}{{ value }} as decimal(28, 6)) as figure_value
    from {{ place[side] }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor -%}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

{% endfor -%}
published_until as (
    select
        figure,
        max(quarter) as last_quarter
    from published
    group by figure
),

compared as (
    select
        {% for column in key -%}
        coalesce(published.{{ column }}, built.{{ column }}) as {{ column }},
        {% endfor -%}
        published.figure_value as old_value,
        built.figure_value as new_value
    from published
    full join built
        on
            {% for column in key -%}
            published.{{ column }} = built.{{ column }}{{ ' and' if not loop.last }}
            {% endfor %}
)

select
    compared.figure,
    compared.subject,
    compared.county_code,
    compared.quarter,
    compared.value_kind,
    case
        when compared.old_value is null then 'filled'
        when compared.new_value is null then 'withdrawn'
        else 'changed'
    end as change_kind,
    case
        when compared.figure = 'measure_completion' then indicators.unit_zh
        when goals.metric <> 'per_capita_net_income' then '比例'
        else '元'
    end as unit_zh,
    compared.old_value,
    compared.new_value,
    cast(compared.new_value - compared.old_value as decimal(28, 6)) as difference
from compared
inner join published_until
    on
        compared.figure = published_until.figure
        and compared.quarter <= published_until.last_quarter
left join {{ ref('indicators') }} as indicators
    on
        compared.figure = 'measure_completion'
        and compared.subject = indicators.indicator_id
left join {{ ref('goals') }} as goals
    on
        compared.figure = 'goal_attainment'
        and compared.subject = goals.goal_id
where compared.old_value is distinct from compared.new_value
