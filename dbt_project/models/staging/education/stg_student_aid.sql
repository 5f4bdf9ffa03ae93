select
    county_code,
    payment_no,
    person_key,
    aid_kind,
    education_level,
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
from {{ current_rows('student_aid') }} as submitted
