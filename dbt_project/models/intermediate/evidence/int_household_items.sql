{{ config(materialized='view') }}
-- Each sub-item twice: as claimed, and as supported by its class of evidence. What is recorded
-- counts as the register has it, and is unknown (null) while the register is incomplete, or while
-- the county has never filed who lives in which household; what land or animals bound is cut at the
-- bound; what only the household can know stays as declared.
{% set sub_items = income_components().values() | sum(start=[]) -%}
{% set recorded = recorded_sub_items() -%}
{% set personal = personal_sub_items() -%}
{% set capacity = capacity_sub_items() -%}
with status as (
    select
        quarter,
        max(rule_version) as inclusion_rule_version,
        {% for item in sub_items -%}
        bool_or(sub_item = '{{ item }}' and is_counted) as {{ item }}_counts,
        {% endfor -%}
        {% for item in recorded -%}
        bool_or(sub_item = '{{ item }}' and is_on_record)
            as {{ item }}_on_record{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_sub_item_status') }}
    group by quarter
),

counties_with_roster as (
    select distinct county_code
    from {{ ref('int_person_memberships') }}
),

reports as (
    select
        reports.*,
        counties_with_roster.county_code is not null as has_members,
        cast(reports.cultivated_land_mu * benchmarks.value as decimal(18, 2))
            as business_planting_bound,
        breeding.bound as business_breeding_bound
    from {{ ref('int_household_reports') }} as reports
    left join {{ ref('capacity_benchmarks') }} as benchmarks
        on
            benchmarks.benchmark_id = 'planting_yuan_per_mu'
            and benchmarks.valid_from <= reports.quarter
            and (benchmarks.valid_until is null or reports.quarter < benchmarks.valid_until)
    left join {{ ref('int_breeding_bounds') }} as breeding
        on
            reports.household_key = breeding.household_key
            and reports.quarter = breeding.quarter
    left join counties_with_roster
        on reports.county_code = counties_with_roster.county_code
)

select
    reports.household_key,
    reports.quarter,
    reports.county_code,
    reports.village_code,
    status.inclusion_rule_version,
    reports.household_size,
    reports.registered_size,
    reports.is_on_roster,
    reports.production_cost,
    {% for item in sub_items -%}
    case when status.{{ item }}_counts then reports.{{ item }} else 0 end as {{ item }}_claimed,
    {% if item in recorded -%}
    case
        when not status.{{ item }}_counts then 0
        when status.{{ item }}_on_record{{ ' and reports.has_members' if item in personal }}
            then coalesce(evidence.{{ item }}_recorded, 0)
    end as {{ item }}_supported,
    {% elif item in capacity -%}
    case
        when status.{{ item }}_counts
            then least(reports.{{ item }}, coalesce(reports.{{ item }}_bound, reports.{{ item }}))
        else 0
    end as {{ item }}_supported,
    reports.{{ item }}_bound is not null as {{ item }}_is_bounded,
    {% endif -%}
    {% endfor -%}
    {% for component in ['wage', 'property', 'transfer'] -%}
    coalesce(evidence.{{ component }}_struck, 0)
        as {{ component }}_struck{{ ',' if not loop.last }}
    {% endfor %}
from reports
inner join status
    on reports.quarter = status.quarter
left join {{ ref('int_household_evidence') }} as evidence
    on
        reports.household_key = evidence.household_key
        and reports.quarter = evidence.quarter
