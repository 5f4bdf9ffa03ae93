select
    county_code,
    indicator_id,
    indicator_name,
    value,
    unit_name,
    note,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('county_measure_report') }} as submitted
