select
    county_code,
    township_name,
    village_code,
    household_key,
    safety_grade,
    is_safe,
    is_repaired_in_year,
    inspected_on,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('housing_safety') }} as submitted
