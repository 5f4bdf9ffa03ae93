{# Hygiene of one model in one query: columns that are never null, a key that is unique, and rules
   between columns. Every broken rule is one row that names it and counts its rows.
   A rule is an expression that must not be false; null passes. #}
{% test rules(model, not_null=[], unique_key=[], rules={}) %}
with counted as (
    select
        {% for column in not_null -%}
        count(*) filter (where {{ column }} is null) as not_null_{{ loop.index }},
        {% endfor -%}
        {% for rule in rules.values() -%}
        count(*) filter (where not ({{ rule }})) as rule_{{ loop.index }},
        {% endfor -%}
        count(*) as total_rows
    from {{ model }}
),

broken as (
    {% for column in not_null -%}
    select
        '{{ column }} is not null' as rule,
        not_null_{{ loop.index }} as broken_rows
    from counted
    union all
    {% endfor -%}
    {% for name in rules -%}
    select
        '{{ name | replace("'", "''") }}' as rule,
        rule_{{ loop.index }} as broken_rows
    from counted
    union all
    {% endfor -%}
    {% if unique_key -%}
    select
        'unique {{ unique_key | join(", ") }}' as rule,
        coalesce(sum(copies - 1), 0) as broken_rows
    from (
        select count(*) as copies
        from {{ model }}
        group by {{ unique_key | join(', ') }}
        having count(*) > 1
    ) as repeated
    union all
    {% endif -%}
    select
        'counted' as rule,
        0 as broken_rows
    from counted
)

select
    rule,
    broken_rows
from broken
where broken_rows > 0
{% endtest %}
