select
    county_code,
    document_no,
    document_title,
    industry_kind,
    issued_on,
    projects_covered,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('county_plans') }} as submitted
