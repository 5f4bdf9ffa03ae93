select
    county_code,
    caliber,
    period_start,
    period_end,
    sample_households,
    estimate,
    standard_error,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('income_survey') }} as submitted
