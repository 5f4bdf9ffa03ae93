select
    county_code,
    township_name,
    village_code,
    household_key,
    action_code,
    started_on,
    expected_increase,
    helper_id,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('low_income_actions') }} as submitted
