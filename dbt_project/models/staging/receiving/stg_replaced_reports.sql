-- What replaced versions of the income report said of each household: a later version of the same
-- county and quarter was accepted since.
select
    reports.household_key,
    reports.county_code,
    reports.village_code,
    reports.net_income,
    reports.submission_id,
    reports.sender,
    reports.submission_version,
    reports.source_sheet,
    reports.source_row,
    submissions.quarter
from {{ parquet_source('accepted', 'household_income_report') }} as reports
inner join {{ parquet_source('ledger', 'submissions') }} as submissions
    on reports.submission_id = submissions.submission_id
where not submissions.is_current
