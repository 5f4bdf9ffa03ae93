select
    county_code,
    township_name,
    village_code,
    person_key,
    post_no,
    hired_on,
    area_mu,
    yearly_pay,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('ranger_posts') }} as submitted
