-- Sums and ratios as steps per indicator, quarter and county: what is listed, what is taken away
-- and why, and the denominator of a ratio.
with first_actions as (
    select
        household_key,
        action_code,
        min(quarter) as quarter
    from {{ ref('stg_low_income_actions') }}
    group by household_key, action_code, date_trunc('year', quarter)
),

numbered_actions as (
    select
        household_key,
        quarter,
        row_number() over (
            partition by household_key, date_trunc('year', quarter)
            order by quarter, action_code
        ) as action_number
    from first_actions
),

project_wages as (
    select
        paid.project_no,
        quarters.quarter,
        sum(paid.amount) as amount
    from {{ ref('stg_work_relief_wages') }} as paid
    inner join {{ ref('int_quarters') }} as quarters
        on
            date_trunc('year', paid.quarter) = date_trunc('year', quarters.quarter)
            and paid.quarter <= quarters.quarter
    group by paid.project_no, quarters.quarter
),

paid_for_disability as (
    select distinct
        person_key,
        quarter
    from {{ ref('stg_disability_subsidies') }}
),

ratios as (
    select * from {{ ref('int_measure_ratio_records') }}
    union all
    -- Households with two different actions count from the second one on.
    select
        'M04-02' as indicator_id,
        actions.quarter,
        registered.county_code,
        case when actions.action_number = 2 then 1 else 0 end as numerator,
        case when actions.action_number = 1 then 1 else 0 end as denominator
    from numbered_actions as actions
    inner join {{ ref('int_registered_households') }} as registered
        on actions.household_key = registered.household_key
    where actions.action_number <= 2
    union all
    -- Wages that reached persons since 1 January, against the central funds of their project.
    {% for indicator_id, numerator, denominator in [
        ['M07-02', 'coalesce(wages.amount, 0)', 'projects.central_funds'],
        [
            'M07-03',
            "case when wages.amount >= projects.central_funds * "
            ~ plan_threshold('relief_wage_share') ~ " then 1 else 0 end", '1',
        ],
    ] -%}
    select
        '{{ indicator_id }}' as indicator_id,
        projects.quarter,
        projects.county_code,
        {{ numerator }} as numerator,
        {{ denominator }} as denominator
    from {{ ref('stg_work_relief_projects') }} as projects
    left join project_wages as wages
        on
            projects.project_no = wages.project_no
            and projects.quarter = wages.quarter
    where projects.central_funds > 0
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
    union all
    -- Whoever is due a disability subsidy was paid one in the quarter.
    select
        'M12-04' as indicator_id,
        registers.quarter,
        memberships.county_code,
        case when paid.person_key is not null then 1 else 0 end as numerator,
        1 as denominator
    from {{ ref('stg_disability_register') }} as registers
    inner join {{ ref('int_person_memberships') }} as memberships
        on
            registers.person_key = memberships.person_key
            and registers.quarter >= memberships.valid_from
            and registers.quarter < memberships.valid_until
    left join paid_for_disability as paid
        on
            registers.person_key = paid.person_key
            and registers.quarter = paid.quarter
    where registers.is_living_due or registers.is_nursing_due
    union all
    select
        'M16-03' as indicator_id,
        quarter,
        county_code,
        amount as numerator,
        case
            when row_number() over (partition by village_code order by quarter, voucher_no) = 1
                then 1
            else 0
        end as denominator
    from {{ ref('stg_village_support_funds') }}
    where quarter >= '{{ var("plan_start") }}'
    union all
    -- A case is found once and settled once, though several files list it.
    select
        'M20-01' as indicator_id,
        quarter,
        county_code,
        case
            when
                is_resolved
                and row_number() over (partition by case_no, is_resolved order by quarter) = 1
                then 1
            else 0
        end as numerator,
        case
            when row_number() over (partition by case_no order by quarter) = 1 then 1
            else 0
        end as denominator
    from {{ ref('stg_bride_price_cases') }}
),

obligations as (
    select * from {{ ref('int_measure_obligations') }}
),

right_household as (
    select
        payments.quarter,
        payments.county_code,
        payments.amount,
        case
            when coalesce(memberships.household_key <> payments.household_key, true)
                then 'not_in_roster'
            when payments.paid_on > persons.died_on then 'dead'
        end as reason
    from {{ ref('stg_one_card_payments') }} as payments
    left join {{ ref('int_person_memberships') }} as memberships
        on
            payments.person_key = memberships.person_key
            and payments.quarter >= memberships.valid_from
            and payments.quarter < memberships.valid_until
    left join {{ ref('int_persons') }} as persons
        on payments.person_key = persons.person_key
    where payments.payment_status = 'paid'
),

steps as (
    select
        indicator_id,
        quarter,
        county_code,
        'listed' as step,
        'listed' as stage,
        amount
    from {{ ref('int_measure_sum_records') }}
    union all
    select
        'M17-02' as indicator_id,
        struck.quarter,
        dividends.county_code,
        'duplicate' as step,
        'verified' as stage,
        -dividends.amount as amount
    from {{ ref('int_struck_payments') }} as struck
    inner join {{ ref('stg_village_dividends') }} as dividends
        on
            struck.submission_id = dividends.submission_id
            and struck.source_sheet = dividends.source_sheet
            and struck.source_row = dividends.source_row
    where dividends.dividend_kind = 'photovoltaic'
    {% for part, sign in [['numerator', 'listed'], ['denominator', 'denominator']] -%}
    union all
    select
        indicator_id,
        quarter,
        county_code,
        '{{ sign }}' as step,
        '{{ sign }}' as stage,
        {{ part }} as amount
    from ratios
    {% endfor -%}
    {% for step, stage, amount, condition in [
        ['listed', 'listed', 'due_amount', 'listing = 1'],
        ['denominator', 'denominator', 'due_amount', 'listing = 1'],
        ['paid_short', 'recomputed', 'paid_amount - due_amount', 'listing = 1'],
        ['paid_short', 'recomputed', 'paid_amount', 'listing > 1'],
        ['paid_late', 'recomputed', '-paid_amount', 'is_late'],
    ] -%}
    union all
    select
        indicator_id,
        quarter,
        county_code,
        '{{ step }}' as step,
        '{{ stage }}' as stage,
        {{ amount }} as amount
    from obligations
    where {{ condition }}
    {% endfor -%}
    union all
    select
        indicator_id,
        quarter,
        county_code,
        strike as step,
        'verified' as stage,
        -paid_amount as amount
    from obligations
    where strike is not null and not is_late
    {% for part in ['listed', 'denominator'] -%}
    union all
    select
        'M14-03' as indicator_id,
        quarter,
        county_code,
        '{{ part }}' as step,
        '{{ part }}' as stage,
        amount
    from right_household
    {% endfor -%}
    union all
    select
        'M14-03' as indicator_id,
        quarter,
        county_code,
        reason as step,
        case reason when 'dead' then 'verified' else 'recomputed' end as stage,
        -amount as amount
    from right_household
    where reason is not null
)

select
    indicator_id,
    quarter,
    county_code,
    step,
    stage,
    cast(sum(amount) as decimal(18, 2)) as amount
from steps
group by indicator_id, quarter, county_code, step, stage
