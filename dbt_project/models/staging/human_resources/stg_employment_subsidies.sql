select
    county_code,
    payment_no,
    person_key,
    subsidy_kind,
    amount,
    paid_on,
    service_mode,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('employment_subsidies') }} as submitted
