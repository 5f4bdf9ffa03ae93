select
    comparator_id,
    income_year,
    value,
    source_citation,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('national_comparators') }} as submitted
