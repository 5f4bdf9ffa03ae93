-- Every current submission: rows that the ledger accepted against rows that staging holds. A staged
-- submission that is not current shows as accepted with zero rows.
select
    coalesce(submissions.dataset, staged.dataset) as dataset,
    coalesce(counties.county_name, departments.department_name, submissions.sender) as sender_name,
    counties.county_code,
    submissions.quarter,
    coalesce(staged.row_count, 0) - coalesce(submissions.rows_accepted, 0) as row_difference
from pipeline_current_submissions as submissions
full join pipeline_staging_rows as staged
    on submissions.submission_id = staged.submission_id
left join counties
    on submissions.sender = counties.county_code
left join departments
    on submissions.sender = departments.department_id
