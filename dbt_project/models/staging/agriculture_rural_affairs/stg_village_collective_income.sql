select
    county_code,
    township_name,
    village_code,
    operating_income,
    surplus,
    dividends_paid,
    dividends_low_income,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('village_collective_income') }} as submitted
