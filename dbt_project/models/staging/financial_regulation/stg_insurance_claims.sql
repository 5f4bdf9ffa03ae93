select
    county_code,
    claim_no,
    policy_no,
    household_key,
    loss_cause,
    claim_amount,
    happened_on,
    paid_on,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('insurance_claims') }} as submitted
