{# The sub-items of the household report as the wide models need them: by component, and by class of
   evidence. Tests compare the lists with seeds/income_sub_items.csv. #}

{% macro income_components() -%}
  {{ return({
    'wage': ['wage_migrant', 'wage_local', 'wage_public_post', 'wage_casual'],
    'business': ['business_planting', 'business_breeding', 'business_other'],
    'property': ['property_dividend', 'property_land_rent', 'property_other'],
    'transfer': [
      'transfer_family_planning', 'transfer_dibao', 'transfer_destitute', 'transfer_pension',
      'transfer_ecological', 'transfer_farm_subsidy', 'transfer_disability', 'transfer_other',
    ],
  }) }}
{%- endmacro %}

{% macro recorded_sub_items() -%}
  {{ return([
    'wage_migrant', 'wage_local', 'wage_public_post', 'property_dividend',
    'property_land_rent', 'transfer_family_planning', 'transfer_dibao', 'transfer_destitute',
    'transfer_pension', 'transfer_ecological', 'transfer_farm_subsidy', 'transfer_disability',
  ]) }}
{%- endmacro %}

{# Recorded by person, not by household: whose it is, only the roster of persons can tell. #}
{% macro personal_sub_items() -%}
  {{ return([
    'wage_migrant', 'wage_local', 'wage_public_post', 'transfer_pension', 'transfer_disability',
  ]) }}
{%- endmacro %}

{% macro capacity_sub_items() -%}
  {{ return(['business_planting', 'business_breeding']) }}
{%- endmacro %}

{# The holdings that bound income from livestock; a test compares them with the benchmarks. #}
{% macro animals() -%}
  {{ return(['beef_cattle', 'sheep', 'pigs', 'poultry']) }}
{%- endmacro %}

{# What every income figure comes in: as claimed, as the records support, less what is struck. #}
{% macro calibrated_values() -%}
  {{ return(['reported', 'recomputed', 'verified']) }}
{%- endmacro %}
