{{ config(materialized='view') }}
-- What somebody had to pay, once per obligation, and how it was met: in full and on time, late, or
-- short. Public posts and subsidies are on time within the quarter of the pay month or of the due
-- date; rent is on time if its last payment came by the due date. What one quarter lists as pending
-- and a later one as paid was due once.
with listed as (
    select
        'M09-02' as indicator_id,
        payroll.person_key || ' ' || payroll.post_no || ' ' || payroll.pay_month as obligation,
        payroll.quarter,
        payroll.county_code,
        payroll.submission_id,
        payroll.source_sheet,
        payroll.source_row,
        payroll.payment_status = 'paid' as is_paid,
        payroll.amount as due_amount,
        payroll.amount as paid_amount,
        date_trunc('quarter', payroll.paid_on) > date_trunc('quarter', payroll.pay_month)
            as is_late,
        struck.reason as strike
    from {{ ref('stg_public_welfare_payroll') }} as payroll
    left join {{ ref('int_struck_payments') }} as struck
        on
            payroll.submission_id = struck.submission_id
            and payroll.source_sheet = struck.source_sheet
            and payroll.source_row = struck.source_row
    union all
    select
        'M14-01' as indicator_id,
        payments.payment_no as obligation,
        payments.quarter,
        payments.county_code,
        payments.submission_id,
        payments.source_sheet,
        payments.source_row,
        payments.payment_status = 'paid' as is_paid,
        payments.due_amount,
        payments.amount as paid_amount,
        date_trunc('quarter', payments.paid_on) > date_trunc('quarter', payments.due_on) as is_late,
        struck.reason as strike
    from {{ ref('stg_one_card_payments') }} as payments
    left join {{ ref('int_struck_payments') }} as struck
        on
            payments.submission_id = struck.submission_id
            and payments.source_sheet = struck.source_sheet
            and payments.source_row = struck.source_row
    where payments.subsidy_code in ('farmland_fertility', 'farm_machinery')
    union all
    select
        'M18-02' as indicator_id,
        contract_no as obligation,
        quarter,
        county_code,
        submission_id,
        source_sheet,
        source_row,
        rent_paid > 0 as is_paid,
        rent_due as due_amount,
        least(rent_paid, rent_due) as paid_amount,
        coalesce(last_paid_on > rent_due_on, false) as is_late,
        cast(null as varchar) as strike
    from {{ ref('stg_land_transfers') }}
    where rent_due > 0
),

-- A register that stands alone lists each obligation anew in every quarter.
periods as (
    select
        *,
        case indicator_id when 'M18-02' then quarter else date_trunc('year', quarter) end as period,
        row_number() over (
            partition by indicator_id, county_code, obligation, is_paid,
            case indicator_id when 'M18-02' then quarter end
            order by quarter, submission_id, source_sheet, source_row
        ) as copy_number
    from listed
)

select
    indicator_id,
    obligation,
    quarter,
    county_code,
    is_paid,
    due_amount,
    case when is_paid then paid_amount else 0 end as paid_amount,
    is_paid and coalesce(is_late, false) as is_late,
    case
        when strike = 'after_death' then 'dead'
        when strike is not null then 'duplicate'
    end as strike,
    row_number() over (
        partition by indicator_id, county_code, obligation, period
        order by quarter, submission_id, source_sheet, source_row
    ) as listing
from periods
where copy_number = 1 or not is_paid
