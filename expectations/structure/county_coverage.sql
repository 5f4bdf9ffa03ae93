-- Per dataset that counties send and per quarter: how many counties are expected, who is missing.
select
    expected.dataset,
    expected.quarter,
    count(*) as counties_expected,
    count(*) filter (where not expected.is_filed) as counties_missing,
    string_agg(counties.county_name, '、' order by counties.county_code)
        filter (where not expected.is_filed) as missing_counties
from int_expected_submissions as expected
inner join datasets
    on expected.dataset = datasets.dataset and datasets.senders = 'counties'
inner join counties
    on expected.sender = counties.county_code
group by expected.dataset, expected.quarter
