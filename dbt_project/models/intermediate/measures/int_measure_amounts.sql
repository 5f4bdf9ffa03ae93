-- Money behind the indicators that are a sum or a ratio, per quarter and county. Rows of a register
-- that is itself cumulative stand for the whole year so far.
with obligations as (
    select
        'M09-02' as indicator_id,
        payroll.person_key || ' ' || payroll.post_no || ' ' || payroll.pay_month as obligation,
        payroll.quarter,
        payroll.county_code,
        payroll.submission_id,
        payroll.source_sheet,
        payroll.source_row,
        payroll.payment_status = 'paid' as is_paid,
        struck.reason is not null as is_struck,
        coalesce(struck.reason = 'paid_twice', false) as is_repeated,
        payroll.amount,
        payroll.amount as due_amount
    from {{ ref('stg_public_welfare_payroll') }} as payroll
    left join {{ ref('int_struck_payments') }} as struck
        on
            payroll.submission_id = struck.submission_id
            and payroll.source_sheet = struck.source_sheet
            and payroll.source_row = struck.source_row
    union all
    select
        'M14-01' as indicator_id,
        payment_no as obligation,
        quarter,
        county_code,
        submission_id,
        source_sheet,
        source_row,
        payment_status = 'paid' as is_paid,
        false as is_struck,
        payment_status = 'paid' and row_number() over (
            partition by payment_no, payment_status
            order by quarter, submission_id, source_sheet, source_row
        ) > 1 as is_repeated,
        amount,
        due_amount
    from {{ ref('stg_one_card_payments') }}
    where subsidy_code in ('farmland_fertility', 'farm_machinery')
),

-- What one quarter lists as pending and a later one as paid was due once in the calendar year.
due_once as (
    select
        *,
        row_number() over (
            partition by indicator_id, county_code, obligation, extract(year from quarter)
            order by quarter, submission_id, source_sheet, source_row
        ) as listing
    from obligations
    where not is_repeated
),

amounts as (
    select
        indicator_id,
        quarter,
        county_code,
        false as is_cumulative,
        case when is_paid then amount else 0 end as numerator,
        case when is_paid and not is_struck then amount else 0 end as numerator_verified,
        case when listing = 1 then due_amount else 0 end as denominator
    from due_once
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
        dividends.quarter,
        dividends.county_code,
        false as is_cumulative,
        dividends.amount as numerator,
        case when struck.reason is null then dividends.amount else 0 end as numerator_verified,
        null as denominator
    from {{ ref('stg_village_dividends') }} as dividends
    left join {{ ref('int_struck_payments') }} as struck
        on
            dividends.submission_id = struck.submission_id
            and dividends.source_sheet = struck.source_sheet
            and dividends.source_row = struck.source_row
    where dividends.dividend_kind = 'photovoltaic'
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
