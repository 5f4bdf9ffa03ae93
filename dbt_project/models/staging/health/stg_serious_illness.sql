select
    county_code,
    person_key,
    illness_group,
    diagnosed_on,
    is_treated,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('serious_illness') }} as submitted
