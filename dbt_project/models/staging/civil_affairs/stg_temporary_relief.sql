select
    county_code,
    payment_no,
    household_key,
    person_key,
    relief_kind,
    relief_cause,
    amount,
    paid_on,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('temporary_relief') }} as submitted
