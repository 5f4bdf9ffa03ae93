select
    county_code,
    township_name,
    village_code,
    household_key,
    is_safe,
    water_problem,
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
from {{ current_rows('water_safety') }} as submitted
