select
    submissions.dataset,
    submissions.sender,
    submissions.quarter,
    submissions.submission_version,
    submissions.submission_id,
    submissions.department_id,
    submissions.dataset_title_zh,
    case
        when submissions.submission_version = 0 then 'not_filed'
        when submissions.outcome = 'rejected' then 'rejected'
        when submissions.is_on_time then 'filed'
        else 'late'
    end as status,
    submissions.outcome,
    submissions.rejection_rule,
    submissions.rejection_reason_zh,
    submissions.contract_version,
    case
        when submissions.submission_version > 0
            then greatest(
                cast(
                    date_diff('day', submissions.deadline, cast(submissions.received_at as date))
                    as integer
                ),
                0
            )
    end as days_late,
    submissions.rows_read,
    submissions.rows_accepted,
    submissions.rows_quarantined,
    submissions.cells_repaired,
    cast(submissions.duplicates_received as integer) as duplicates_received,
    submissions.is_on_time,
    submissions.is_control_total_matched,
    submissions.is_current,
    submissions.deadline,
    submissions.received_at,
    case
        when
            not bool_or(submissions.is_current) over (
                partition by submissions.dataset, submissions.sender, submissions.quarter
            )
            then uses.figures
    end as blocked_figures
from {{ ref('int_submissions') }} as submissions
left join {{ ref('int_dataset_uses') }} as uses
    on submissions.dataset = uses.dataset
