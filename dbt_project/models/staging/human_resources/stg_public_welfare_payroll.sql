select
    county_code,
    person_key,
    post_no,
    post_kind,
    pay_month,
    amount,
    paid_on,
    payment_status,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('public_welfare_payroll') }} as submitted
