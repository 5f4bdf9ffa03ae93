{# The sum of an amount in yuan over a group; null when one member's is not known. #}
{% macro complete_sum(amount) -%}
case when count({{ amount }}) = count(*) then cast(sum({{ amount }}) as decimal(18, 2)) end
{%- endmacro %}
