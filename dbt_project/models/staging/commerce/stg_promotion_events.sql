select
    event_no,
    event_name,
    event_series,
    held_on,
    place,
    contracts_amount,
    sales_amount,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('promotion_events') }} as submitted
