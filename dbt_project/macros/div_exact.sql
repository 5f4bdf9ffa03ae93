{# Exact half-up division of money.

   DuckDB divides decimals in floating point, which puts about 7 % of per-capita values a cent off.
   Here both sides become whole numbers of cents first. The numerator has at most two decimals, the
   divisor too (or none); the result is decimal(18, scale), null where the divisor is null or 0. #}
{% macro div_exact(numerator, divisor, scale=2) -%}
{%- set n -%} cast(cast({{ numerator }} as decimal(24, 2)) * 100 as hugeint) {%- endset -%}
{%- set d -%} cast(cast({{ divisor }} as decimal(24, 2)) * 100 as hugeint) {%- endset -%}
cast(
    cast(
        sign({{ n }}) * sign({{ d }})
        * ((2 * {{ 10 ** scale }} * abs({{ n }}) + abs({{ d }})) // nullif(2 * abs({{ d }}), 0))
        as decimal(18, 0)
    ) * cast({{ '%.*f' % (scale, 10 ** -scale) }} as decimal({{ scale + 1 }}, {{ scale }}))
    as decimal(18, {{ scale }})
)
{%- endmacro %}
