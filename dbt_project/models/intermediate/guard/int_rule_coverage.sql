-- How much the register of known rules takes out of the guard's sight: of the discretionary amounts
-- that a county reports, how many are covered. A register that covers nearly everything blinds it.
{% set items = discretionary_sub_items() -%}
with claimed as (
    select
        county_code,
        village_code,
        quarter,
        unnest({{ items }}) as sub_item,
        unnest(
            [
                {% for item in items -%}
                count(*) filter (where {{ item }} > 0){{ ',' if not loop.last }}
                {% endfor %}
            ]
        ) as cells
    from {{ ref('int_household_reports') }}
    group by county_code, village_code, quarter
),

counted as (
    select
        claimed.county_code,
        claimed.quarter,
        cast(sum(claimed.cells) as integer) as cells,
        cast(
            coalesce(sum(claimed.cells) filter (where rules.sub_item is not null), 0) as integer
        ) as cells_covered
    from claimed
    left join {{ ref('int_known_rules') }} as rules
        on
            claimed.village_code = rules.village_code
            and claimed.quarter = rules.quarter
            and claimed.sub_item = rules.sub_item
    group by claimed.county_code, claimed.quarter
),

registered as (
    select
        county_code,
        quarter,
        cast(count(*) as integer) as rules_registered,
        cast(count(*) filter (where coalesce(trim(document_no), '') = '') as integer)
            as rules_without_document
    from {{ ref('stg_known_rules') }}
    group by county_code, quarter
)

select
    counted.county_code,
    counted.quarter,
    counted.cells,
    counted.cells_covered,
    {{ div_exact('counted.cells_covered', 'counted.cells', 6) }} as share_covered,
    coalesce(registered.rules_registered, 0) as rules_registered,
    coalesce(registered.rules_without_document, 0) as rules_without_document
from counted
left join registered
    on
        counted.county_code = registered.county_code
        and counted.quarter = registered.quarter
