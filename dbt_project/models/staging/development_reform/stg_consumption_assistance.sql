select
    county_code,
    sales_channel,
    sales_amount,
    lifted_households,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('consumption_assistance') }} as submitted
