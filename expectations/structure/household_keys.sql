-- Households that break a rule of keys or of the denominator; at most ten thousand are listed.
select
    household_key,
    quarter,
    min(county_code) as county_code,
    min(village_code) as village_code,
    count(*) as copies,
    min(household_size) as household_size
from int_household_reports
group by household_key, quarter
having
    count(*) > 1
    or household_key is null
    or min(county_code) is null
    or min(household_size) is null
    or min(household_size) < 1
    or max(household_size) > 20
limit 10000
