{# A number that a sentence of the plan sets as a threshold, from seeds/plan_thresholds.csv. #}
{% macro plan_threshold(threshold_id) -%}
(select value from {{ ref('plan_thresholds') }} where threshold_id = '{{ threshold_id }}')
{%- endmacro %}
