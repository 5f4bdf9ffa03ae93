select
    county_code,
    relief_no,
    workshop_no,
    persons_employed,
    relief_amount,
    granted_on,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('workshop_tax_relief') }} as submitted
