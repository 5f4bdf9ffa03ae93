select
    county_code,
    person_key,
    employer_no,
    wage_month,
    declared_wage,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('employer_wages') }} as submitted
