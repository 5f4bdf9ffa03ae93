select
    county_code,
    project_no,
    helper_kind,
    held_on,
    persons_helped,
    money_and_goods,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('volunteer_aid') }} as submitted
