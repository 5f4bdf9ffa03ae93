select
    county_code,
    person_key,
    course_no,
    training_kind,
    training_mode,
    started_on,
    ended_on,
    is_certified,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('training_records') }} as submitted
