select
    county_code,
    township_name,
    village_code,
    enterprise_no,
    help_kind,
    invested,
    households_helped,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('enterprise_villages') }} as submitted
