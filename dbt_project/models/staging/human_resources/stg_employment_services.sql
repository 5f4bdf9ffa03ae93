select
    county_code,
    person_key,
    is_willing,
    policy_talks,
    guidance_sessions,
    job_offers,
    training_offers,
    is_employed_now,
    submission_id,
    sender,
    submission_version,
    source_file,
    source_sha256,
    source_sheet,
    source_row,
    contract_version,
    cast(quarter as date) as quarter
from {{ current_rows('employment_services') }} as submitted
