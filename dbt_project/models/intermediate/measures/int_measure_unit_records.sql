{{ config(materialized='view') }}
-- The records of projects, farms, villages, brands and other units that an indicator counts, and of
-- persons who need not be on the roster. A register that names no county counts for the region.
{% set in_year = 'date_trunc(\'year\', established_on) = date_trunc(\'year\', quarter)' -%}
{% set region = "'" ~ var('region_code') ~ "'" -%}
{% set entities = ['stg_farm_entities', 'entity_no'] -%}
{% set projects = ['stg_industry_projects', 'project_no'] -%}
{% set counted = [
    ['M01-01', projects, 'is_operating'],
    ['M01-09', ['stg_county_plans', 'document_no'], 'true'],
    ['M02-01', entities, "entity_kind = 'beef_ranch' and is_running and " ~ in_year],
    ['M02-02', entities, "entity_kind = 'sheep_ranch' and is_running and " ~ in_year],
    [
        'M02-03', entities,
        "entity_kind in ('cooperative', 'family_farm') and is_demonstration and is_running"
        ~ " and households_led >= " ~ plan_threshold('households_per_entity'),
    ],
    [
        'M02-04', ['stg_industry_parks', 'park_no'],
        'recognised_on is not null and has_linkage_mechanism',
    ],
    ['M03-01', projects, 'has_linkage'],
    ['M05-05', ['stg_promotion_events', 'event_no', region], 'true'],
    ['M06-08', ['stg_fujian_transfers', 'person_key'], 'true'],
    ['M08-02', ['stg_workshops', 'workshop_no'], "workshop_state = 'operating'"],
    ['M10-04', ['stg_craftsmen', 'person_key'], 'true'],
    ['M10-05', ['stg_labour_brands', 'brand_no'], 'is_active'],
    ['M13-01', ['stg_enterprise_villages', 'enterprise_no'], 'true'],
    ['M16-02', ['stg_village_support_funds', 'village_code'], 'true'],
] -%}
{% for indicator_id, register, condition in counted -%}
select
    '{{ indicator_id }}' as indicator_id,
    '{{ register[0][4:] }}' as dataset,
    quarter,
    {{ register[2] or 'county_code' }} as county_code,
    {{ register[1] }} as unit_key,
    submission_id,
    source_sheet,
    source_row
from {{ ref(register[0]) }}
where {{ condition }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
