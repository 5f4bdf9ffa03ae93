-- Money behind the indicators that are a sum or a ratio, per quarter and county. Rows of a register
-- that is itself cumulative stand for the whole year so far.
with amounts as (
    select
        'M09-02' as indicator_id,
        payroll.quarter,
        payroll.county_code,
        false as is_cumulative,
        case when payroll.payment_status = 'paid' then payroll.amount else 0 end as numerator,
        case
            when payroll.payment_status = 'paid' and struck.reason is null then payroll.amount
            else 0
        end as numerator_verified,
        payroll.amount as denominator
    from {{ ref('stg_public_welfare_payroll') }} as payroll
    left join {{ ref('int_struck_payments') }} as struck
        on
            payroll.submission_id = struck.submission_id
            and payroll.source_sheet = struck.source_sheet
            and payroll.source_row = struck.source_row
    union all
    select
        'M14-01' as indicator_id,
        quarter,
        county_code,
        false as is_cumulative,
        case when payment_status = 'paid' then amount else 0 end as numerator,
        case when payment_status = 'paid' then amount else 0 end as numerator_verified,
        due_amount as denominator
    from {{ ref('stg_one_card_payments') }}
    where subsidy_code in ('farmland_fertility', 'farm_machinery')
    union all
    select
        'M16-01' as indicator_id,
        quarter,
        county_code,
        true as is_cumulative,
        dividends_paid as numerator,
        dividends_paid as numerator_verified,
        surplus as denominator
    from {{ ref('stg_village_collective_income') }}
    where operating_income > 200000 and surplus > 0
    union all
    select
        'M17-02' as indicator_id,
        quarter,
        county_code,
        false as is_cumulative,
        amount as numerator,
        amount as numerator_verified,
        null as denominator
    from {{ ref('stg_village_dividends') }}
    where dividend_kind = 'photovoltaic'
)

select
    indicator_id,
    quarter,
    county_code,
    is_cumulative,
    cast(sum(numerator) as decimal(18, 2)) as numerator,
    cast(sum(numerator_verified) as decimal(18, 2)) as numerator_verified,
    cast(sum(denominator) as decimal(18, 2)) as denominator
from amounts
group by indicator_id, quarter, county_code, is_cumulative
