select
    county_code,
    voucher_no,
    household_key,
    compensation_kind,
    area_mu,
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
from {{ current_rows('ecological_compensation') }} as submitted
