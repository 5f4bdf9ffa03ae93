-- Per county and quarter with a filed roster: share of reporting households that are on it.
select
    reports.county_code,
    counties.county_name,
    reports.quarter,
    round(avg(case when reports.is_on_roster then 1 else 0 end), 4) as on_roster_share
from int_household_reports as reports
inner join counties
    on reports.county_code = counties.county_code
inner join int_expected_submissions as expected
    on
        expected.dataset = 'household_roster'
        and expected.sender = reports.county_code
        and expected.quarter = reports.quarter
        and expected.is_filed
group by reports.county_code, counties.county_name, reports.quarter
