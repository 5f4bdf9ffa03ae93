select
    county_code,
    payment_no,
    household_key,
    disaster_kind,
    loss_amount,
    amount,
    happened_on,
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
from {{ current_rows('disaster_relief') }} as submitted
