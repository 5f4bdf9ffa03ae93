select
    county_code,
    person_key,
    started_on,
    destination,
    is_lifted,
    is_point_to_point,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('fujian_transfers') }} as submitted
