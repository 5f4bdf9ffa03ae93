{{ config(materialized='view') }}
-- Households on the roster, each once in a quarter though two counties list it.
select
    household_key,
    quarter,
    county_code,
    village_code,
    household_type,
    household_size,
    cultivated_land_mu,
    is_risk_resolved
from {{ ref('stg_household_roster') }}
qualify row_number() over (
    partition by household_key, quarter
    order by county_code, village_code
) = 1
