{# How many of the plan's eight quarters have gone by the end of a quarter: 0 before it, 8 after. #}
{% macro plan_quarters_gone(quarters) -%}
least(greatest(
    4 * ({{ quarters }}.calendar_year - {{ var('plan_start')[:4] }})
    + {{ quarters }}.calendar_quarter, 0
), 8)
{%- endmacro %}
