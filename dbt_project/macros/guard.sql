{# What the guard's models have in common. #}

{# The step in which a figure was written down: the largest round unit that divides it (元). #}
{% macro rounding_step(amount) -%}
case
    when cast({{ amount }} as integer) % 10 <> 0 then 1
    when cast({{ amount }} as integer) % 100 <> 0 then 10
    when cast({{ amount }} as integer) % 500 <> 0 then 100
    when cast({{ amount }} as integer) % 1000 <> 0 then 500
    else 1000
end
{%- endmacro %}

{# Whether a figure is so large, or so finely written, that one part in `parts` would show. #}
{% macro is_telling(amount, parts) -%}
{{ amount }} >= {{ parts }} * {{ rounding_step(amount) }}
{%- endmacro %}

{# How many times its base a figure is; null where either is too small, or the figure too coarse, to
   tell a percentage point. #}
{% macro telling_ratio(amount, base) -%}
case
    when {{ base }} >= greatest(200, 100 * {{ rounding_step(amount) }}) and {{ amount }} > 0
        then {{ amount }} / {{ base }}
end
{%- endmacro %}

{# A share whose noise does not depend on its level. #}
{% macro stabilised_share(successes, total) -%}
round(asin(sqrt({{ successes }} / nullif({{ total }}, 0))), 6)
{%- endmacro %}
