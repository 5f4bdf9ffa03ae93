-- Rent paid under a contract, from a register that counts from 1 January: what a filing adds to the
-- most that the filings of the calendar year before it had stated. The most, not the last: a figure
-- that was lowered, or a contract left out of one filing, is not paid anew when it returns.
with to_date as (
    select
        *,
        max(rent_paid) over (
            partition by contract_no, date_trunc('year', quarter)
            order by quarter
            rows between unbounded preceding and 1 preceding
        ) as paid_before
    from {{ ref('stg_land_transfers') }}
)

select
    submission_id,
    source_sheet,
    source_row,
    county_code,
    household_key,
    contract_no,
    quarter as filed_for,
    coalesce(cast(date_trunc('quarter', last_paid_on) as date), quarter) as quarter,
    cast(rent_paid - coalesce(paid_before, 0) as decimal(18, 2)) as amount
from to_date
where rent_paid > coalesce(paid_before, 0)
