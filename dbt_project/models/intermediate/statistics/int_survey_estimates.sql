{{ config(materialized='view') }}
-- Sample estimates of net income per person, the caliber that compares with the monitoring figure.
select
    county_code,
    quarter,
    period_start,
    period_end,
    sample_households,
    estimate,
    standard_error
from {{ ref('stg_income_survey') }}
where caliber = 'net'
