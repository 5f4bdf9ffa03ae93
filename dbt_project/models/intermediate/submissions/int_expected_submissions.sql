with datasets as (
    select * from {{ ref('datasets') }}
),

senders as (
    select
        county_code as sender,
        'counties' as sender_group
    from {{ ref('counties') }}
    union all
    select
        department_id as sender,
        department_id as sender_group
    from {{ ref('departments') }}
),

current_submissions as (
    select
        dataset,
        sender,
        quarter,
        submission_id
    from {{ ref('stg_submissions') }}
    where is_current
)

select
    datasets.dataset,
    senders.sender,
    quarters.quarter,
    current_submissions.submission_id as current_submission_id,
    current_submissions.submission_id is not null as is_filed
from datasets
inner join senders
    on '|' || datasets.senders || '|' like '%|' || senders.sender_group || '|%'
inner join {{ ref('int_quarters') }} as quarters
    on
        datasets.valid_from <= quarters.quarter
        and (datasets.valid_until is null or quarters.quarter <= datasets.valid_until)
left join current_submissions
    on
        datasets.dataset = current_submissions.dataset
        and senders.sender = current_submissions.sender
        and quarters.quarter = current_submissions.quarter
