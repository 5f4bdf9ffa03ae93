select
    county_code,
    village_code,
    station_no,
    person_key,
    post_no,
    hired_on,
    monthly_pay,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('photovoltaic_posts') }} as submitted
