select
    county_code,
    project_no,
    household_key,
    benefit_kind,
    benefit_amount,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('industry_project_households') }} as submitted
