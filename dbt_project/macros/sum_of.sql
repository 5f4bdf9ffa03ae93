{# A sum with one term per line: the template of a term is filled with each item's name. #}
{% macro sum_of(items, term) -%}
{%- for item in items -%}
{{ term.format(item) }}{{ '\n            + ' if not loop.last }}
{%- else -%}
0
{%- endfor -%}
{%- endmacro %}
