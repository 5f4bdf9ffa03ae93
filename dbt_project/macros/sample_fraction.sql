{# Share of the region's households that this deployment holds: targets are scaled by it. The line
   hands it over in the environment; a deployment of the whole region needs none. #}
{% macro sample_fraction() -%}
  {{ return(var('sample_fraction', env_var('ZENGSHOU_TARGET_SCALE', '1'))) }}
{%- endmacro %}
