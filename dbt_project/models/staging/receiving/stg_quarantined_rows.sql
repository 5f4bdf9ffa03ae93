select
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    column_name,
    column_header,
    cell_value,
    rule,
    reason_zh,
    remedy_zh,
    row_values,
    cast(quarter as date) as quarter
from {{ parquet_source('quarantine', 'rows') }}
