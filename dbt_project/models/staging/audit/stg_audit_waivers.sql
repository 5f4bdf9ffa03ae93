select
    county_code,
    waiver_no,
    waived_check,
    waived_dataset,
    reason,
    granted_by,
    granted_on,
    expires_on,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('audit_waivers') }} as submitted
