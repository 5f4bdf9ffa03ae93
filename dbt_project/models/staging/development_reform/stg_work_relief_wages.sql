select
    county_code,
    project_no,
    person_key,
    pay_month,
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
from {{ current_rows('work_relief_wages') }} as submitted
