select
    county_code,
    unit_no,
    unit_name_of_buyer,
    canteen_purchases,
    reserved_purchases,
    platform_purchases,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('canteen_procurement') }} as submitted
