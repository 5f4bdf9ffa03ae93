-- Parts and whole agree to the cent, in all three values.
with sums as (
    select
        quarter,
        component,
        {% for value in calibrated_values() -%}
        sum(total_{{ value }}) filter (where county_code <> '{{ var("region_code") }}')
            as counties_{{ value }},
        max(total_{{ value }}) filter (where county_code = '{{ var("region_code") }}')
            as region_{{ value }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('fct_income_components') }}
    group by quarter, component
)

select * from sums
where
    counties_reported <> region_reported
    or counties_recomputed <> region_recomputed
    or counties_verified <> region_verified
