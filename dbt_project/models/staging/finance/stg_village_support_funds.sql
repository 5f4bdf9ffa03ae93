select
    county_code,
    township_name,
    village_code,
    voucher_no,
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
from {{ current_rows('village_support_funds') }} as submitted
