{{ config(materialized='view') }}
-- Every payment on record that supports a sub-item of income. Money belongs to the quarter in which
-- it was paid, wages to the quarter they were filed for. `pay_month` is the month that a monthly
-- entitlement is for; `entitlement` tells apart what one person may be paid for side by side.
with registers as (
    select
        'employment_records' as dataset,
        case when workplace_kind = 'in_county' then 'in_county' else 'outside_county' end
            as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        person_key,
        cast(null as varchar) as household_key,
        cast(started_on as varchar) as entitlement,
        quarter as pay_month,
        quarter,
        cast(round(months_in_quarter * monthly_wage, 2) as decimal(18, 2)) as amount
    from {{ ref('stg_employment_records') }}
    union all
    select
        'public_welfare_payroll' as dataset,
        cast(null as varchar) as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        person_key,
        cast(null as varchar) as household_key,
        post_no as entitlement,
        pay_month,
        coalesce(cast(date_trunc('quarter', paid_on) as date), quarter) as quarter,
        amount
    from {{ ref('stg_public_welfare_payroll') }}
    where payment_status = 'paid'
    union all
    select
        'dibao_payments' as dataset,
        relief_kind as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        person_key,
        household_key,
        relief_kind as entitlement,
        pay_month,
        coalesce(cast(date_trunc('quarter', paid_on) as date), quarter) as quarter,
        amount
    from {{ ref('stg_dibao_payments') }}
    union all
    select
        'disability_subsidies' as dataset,
        cast(null as varchar) as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        person_key,
        cast(null as varchar) as household_key,
        subsidy_kind as entitlement,
        pay_month,
        coalesce(cast(date_trunc('quarter', paid_on) as date), quarter) as quarter,
        amount
    from {{ ref('stg_disability_subsidies') }}
    union all
    select
        'pension_payments' as dataset,
        cast(null as varchar) as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        person_key,
        cast(null as varchar) as household_key,
        pension_kind as entitlement,
        pay_month,
        coalesce(cast(date_trunc('quarter', paid_on) as date), quarter) as quarter,
        amount
    from {{ ref('stg_pension_payments') }}
    union all
    select
        'one_card_payments' as dataset,
        subsidy_code as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        person_key,
        household_key,
        payment_no as entitlement,
        cast(null as date) as pay_month,
        coalesce(cast(date_trunc('quarter', paid_on) as date), quarter) as quarter,
        amount
    from {{ ref('stg_one_card_payments') }}
    where payment_status = 'paid'
    union all
    select
        'ecological_compensation' as dataset,
        cast(null as varchar) as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        cast(null as varchar) as person_key,
        household_key,
        voucher_no as entitlement,
        cast(null as date) as pay_month,
        coalesce(cast(date_trunc('quarter', paid_on) as date), quarter) as quarter,
        amount
    from {{ ref('stg_ecological_compensation') }}
    union all
    select
        'village_dividends' as dataset,
        cast(null as varchar) as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        cast(null as varchar) as person_key,
        household_key,
        voucher_no as entitlement,
        cast(null as date) as pay_month,
        coalesce(cast(date_trunc('quarter', paid_on) as date), quarter) as quarter,
        amount
    from {{ ref('stg_village_dividends') }}
    union all
    select
        'land_transfers' as dataset,
        cast(null as varchar) as source_code,
        submission_id,
        source_sheet,
        source_row,
        county_code,
        cast(null as varchar) as person_key,
        household_key,
        -- One contract is paid many times: each filing that adds to it is an entitlement.
        contract_no || '/' || cast(filed_for as varchar) as entitlement,
        cast(null as date) as pay_month,
        quarter,
        amount
    from {{ ref('int_land_rents') }}
)

select
    registers.*,
    sub_items.sub_item,
    sub_items.component
from registers
inner join {{ ref('income_sub_items') }} as sub_items
    on
        registers.dataset = sub_items.source_dataset
        and (sub_items.source_code is null or registers.source_code = sub_items.source_code)
where sub_items.evidence_class = 'recorded'
