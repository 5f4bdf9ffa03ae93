select
    county_code,
    park_no,
    park_name,
    recognised_on,
    entities_in_park,
    households_led,
    has_linkage_mechanism,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('industry_parks') }} as submitted
