select
    county_code,
    household_key,
    reviewed_on,
    is_eligible,
    is_granted,
    review_result,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('relief_reviews') }} as submitted
