select
    county_code,
    brand_no,
    brand_name,
    registered_on,
    workers,
    is_active,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('labour_brands') }} as submitted
