{{ config(materialized='view') }}
-- How often a lead of that score was confirmed.
select
    quarter,
    bin,
    method,
    labels,
    leads,
    expected_share,
    confirmed_share,
    lower,
    upper
from {{ ref('stg_guard_calibration') }}
