-- Per dataset and quarter: of the current submissions that state totals, how many do not add up.
select
    submissions.dataset,
    submissions.quarter,
    round(avg(case when submissions.is_control_total_matched then 0 else 1 end), 4)
        as unmatched_share,
    string_agg(
        coalesce(counties.county_name, submissions.sender), '、'
        order by submissions.sender
    ) filter (where not submissions.is_control_total_matched) as unmatched_senders
from int_submissions as submissions
left join counties
    on submissions.sender = counties.county_code
where submissions.is_current and submissions.is_control_total_matched is not null
group by submissions.dataset, submissions.quarter
