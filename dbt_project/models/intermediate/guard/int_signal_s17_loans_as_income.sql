-- S17: of the households that were paid a loan in the income year so far, those whose income of the
-- quarter holds the principal (int_finding_loan_as_income).
with borrowed as (
    select
        loans.household_key,
        min(cast(date_trunc('quarter', loans.disbursed_on) as date)) as first_quarter,
        quarters.income_year
    from {{ ref('stg_microloans') }} as loans
    inner join {{ ref('int_quarters') }} as quarters
        on cast(date_trunc('quarter', loans.disbursed_on) as date) = quarters.quarter
    group by loans.household_key, quarters.income_year
),

booked as (
    select
        findings.household_key,
        quarters.income_year,
        min(findings.quarter) as first_quarter,
        sum(findings.amount) as amount
    from {{ ref('int_finding_loan_as_income') }} as findings
    inner join {{ ref('int_quarters') }} as quarters
        on findings.quarter = quarters.quarter
    group by findings.household_key, quarters.income_year
),

borrowers as (
    select
        reports.village_code,
        reports.county_code,
        reports.quarter,
        count(*) as households,
        count(*) filter (where booked.first_quarter <= reports.quarter) as booking,
        sum(booked.amount) filter (where booked.first_quarter <= reports.quarter) as amount
    from borrowed
    inner join {{ ref('int_quarters') }} as quarters
        on
            borrowed.income_year = quarters.income_year
            and borrowed.first_quarter <= quarters.quarter
    inner join {{ ref('int_household_values') }} as reports
        on
            borrowed.household_key = reports.household_key
            and quarters.quarter = reports.quarter
    left join booked
        on
            borrowed.household_key = booked.household_key
            and borrowed.income_year = booked.income_year
    group by reports.village_code, reports.county_code, reports.quarter
)

select
    'S17' as signal_id,
    '' as item,
    'village' as entity_type,
    village_code as entity_id,
    county_code,
    quarter,
    cast(households as integer) as sample_size,
    cast(booking as integer) as successes,
    booking / households as statistic,
    printf(
        '本收入年度获得贷款的%d户中，%d户收入增加额与贷款本金相当，涉及%.0f元',
        households,
        booking,
        cast(coalesce(amount, 0) as double)
    ) as evidence_zh
from borrowers
