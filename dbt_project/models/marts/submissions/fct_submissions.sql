select
    dataset,
    sender,
    quarter,
    submission_version,
    submission_id,
    department_id,
    dataset_title_zh,
    case
        when submission_version = 0 then 'not_filed'
        when outcome = 'rejected' then 'rejected'
        when is_on_time then 'filed'
        else 'late'
    end as status,
    outcome,
    rejection_rule,
    rejection_reason_zh,
    contract_version,
    case
        when submission_version > 0
            then greatest(cast(date_diff('day', deadline, cast(received_at as date)) as integer), 0)
    end as days_late,
    rows_read,
    rows_accepted,
    rows_quarantined,
    cells_repaired,
    cast(duplicates_received as integer) as duplicates_received,
    is_on_time,
    is_control_total_matched,
    is_current,
    deadline,
    received_at
from {{ ref('int_submissions') }}
