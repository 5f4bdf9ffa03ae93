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
from {{ ref('int_lead_calibration') }}
