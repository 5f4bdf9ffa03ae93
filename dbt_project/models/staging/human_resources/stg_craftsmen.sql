select
    county_code,
    person_key,
    craft,
    recognised_on,
    apprentices,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('craftsmen') }} as submitted
