select
    county_code,
    lead_no,
    disposition,
    amount_struck,
    disposed_on,
    explanation,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('audit_dispositions') }} as submitted
