-- Records that auditors looked for on site and did not find: by the number of the record, or, where
-- the check names none, by the person or household in the calendar year of the check.
select
    datasets.dataset,
    checks.county_code,
    checks.record_no,
    case when checks.record_no is null then checks.person_key end as person_key,
    case
        when checks.record_no is null and checks.person_key is null then checks.household_key
    end as household_key,
    cast(date_trunc('year', checks.checked_on) as date) as calendar_year,
    min(checks.check_no) as check_no
from {{ ref('stg_audit_back_checks') }} as checks
inner join {{ ref('datasets') }} as datasets
    on checks.checked_dataset in (datasets.dataset, datasets.title_zh)
where checks.finding = 'refuted'
group by all
