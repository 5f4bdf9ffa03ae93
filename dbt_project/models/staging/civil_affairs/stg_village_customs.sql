select
    county_code,
    township_name,
    village_code,
    has_reward_rules,
    has_red_white_council,
    activities,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('village_customs') }} as submitted
