select
    county_code,
    household_key,
    person_key,
    change_kind,
    happened_on,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('household_changes') }} as submitted
