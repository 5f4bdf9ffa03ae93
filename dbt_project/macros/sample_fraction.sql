{# Share of the region's households that this deployment holds: targets are scaled by it. #}
{% macro sample_fraction() -%}
  {{ return(var('sample_fraction', env_var('ZENGSHOU_SAMPLE_FRACTION', '1'))) }}
{%- endmacro %}
