select
    county_code,
    household_key,
    is_eligible,
    is_willing,
    is_granted,
    refusal_reason,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('credit_demand') }} as submitted
