{{ config(materialized='view') }}
with received as (
    select
        dataset,
        sender,
        quarter,
        submission_version,
        submission_id,
        received_at,
        is_on_time,
        outcome,
        rows_read,
        rows_accepted,
        rows_quarantined,
        cells_repaired,
        is_control_total_matched,
        rejection_rule,
        rejection_reason_zh,
        contract_version,
        is_current
    from {{ ref('stg_submissions') }}
    where outcome not in ('duplicate', 'unrecognised')
),

duplicates as (
    select
        dataset,
        sender,
        quarter,
        submission_version,
        count(*) as duplicates_received
    from {{ ref('stg_submissions') }}
    where outcome = 'duplicate'
    group by dataset, sender, quarter, submission_version
),

-- What was expected, and what came although it was not.
expected as (
    select
        dataset,
        sender,
        quarter
    from {{ ref('int_expected_submissions') }}
    union distinct
    select
        dataset,
        sender,
        quarter
    from received
)

select
    expected.dataset,
    expected.sender,
    expected.quarter,
    received.submission_id,
    datasets.title_zh as dataset_title_zh,
    datasets.department_id,
    received.outcome,
    received.rejection_rule,
    received.rejection_reason_zh,
    received.contract_version,
    received.rows_read,
    received.rows_accepted,
    received.rows_quarantined,
    received.cells_repaired,
    received.is_on_time,
    received.is_control_total_matched,
    received.received_at,
    coalesce(received.submission_version, 0) as submission_version,
    coalesce(duplicates.duplicates_received, 0) as duplicates_received,
    coalesce(received.is_current, false) as is_current,
    cast(quarters.quarter_end + datasets.deadline_days * interval 1 day as date) as deadline
from expected
left join received
    on
        expected.dataset = received.dataset
        and expected.sender = received.sender
        and expected.quarter = received.quarter
left join duplicates
    on
        expected.dataset = duplicates.dataset
        and expected.sender = duplicates.sender
        and expected.quarter = duplicates.quarter
        and received.submission_version = duplicates.submission_version
left join {{ ref('datasets') }} as datasets
    on expected.dataset = datasets.dataset
left join {{ ref('quarters') }} as quarters
    on expected.quarter = quarters.quarter
