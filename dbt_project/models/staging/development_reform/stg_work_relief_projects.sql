select
    county_code,
    project_no,
    project_name,
    central_funds,
    wages_stated,
    workers_stated,
    started_on,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('work_relief_projects') }} as submitted
