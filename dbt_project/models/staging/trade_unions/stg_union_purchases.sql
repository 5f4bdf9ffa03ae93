select
    county_code,
    unit_no,
    welfare_purchases,
    paired_village_purchases,
    families_reached,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('union_purchases') }} as submitted
