select
    county_code,
    supplier_no,
    sales_channel,
    sales_amount,
    cooperation_kind,
    is_village_cooperative,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('platform_sales') }} as submitted
