-- A household that two counties report in one quarter counts once (see int_household_reports). Who
-- reports it twice is worth a question, so it is shown, and stops nothing.
{{ config(severity='warn') }}
select
    household_key,
    quarter,
    count(*) as reports
from {{ ref('stg_household_income_report') }}
group by household_key, quarter
having count(*) > 1
