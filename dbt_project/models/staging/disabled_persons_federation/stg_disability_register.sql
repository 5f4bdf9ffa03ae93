select
    county_code,
    person_key,
    disability_grade,
    disability_kind,
    certified_on,
    is_living_due,
    is_nursing_due,
    is_family_helped,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('disability_register') }} as submitted
