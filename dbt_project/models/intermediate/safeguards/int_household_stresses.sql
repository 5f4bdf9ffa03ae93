-- What may throw a household back into poverty, one figure per statistic of seeds/alert_thresholds.
-- A figure is null while its register is not filed: neither a warning nor an all-clear.
{% set in_year = ['medical_expenses', 'disaster_relief', 'insurance_claims'] -%}
{% set on_day = [
    'serious_illness', 'disability_register', 'employment_records', 'public_welfare_payroll',
    'industry_projects', 'industry_project_households',
] -%}
with filed as (
    select
        quarter,
        {% for dataset in in_year -%}
        bool_or(dataset = '{{ dataset }}' and is_filed_calendar_year_to_date) as {{ dataset }},
        {% endfor -%}
        {% for dataset in on_day -%}
        bool_or(dataset = '{{ dataset }}' and is_filed) as {{ dataset }},
        {% endfor -%}
        bool_or(dataset = 'student_aid' and is_filed_four_quarters) as student_aid
    from {{ ref('int_dataset_filings') }}
    group by quarter
),

-- The last income year that is over tells what a household can bear.
years as (
    select
        income.household_key,
        income.quarter,
        quarters.quarter_end,
        quarters.is_income_year_end,
        income.per_capita_net_income_reported as per_capita,
        last_value(case when quarters.is_income_year_end then income.net_income_reported end
            ignore nulls
        ) over history as yearly_net_income,
        last_value(
            case when quarters.is_income_year_end then income.per_capita_net_income_reported end
            ignore nulls
        ) over history as yearly_per_capita,
        quarters.quarter_one_year_before,
        quarters.income_year,
        income.inclusion_rule_version
    from {{ ref('int_household_income') }} as income
    inner join {{ ref('int_quarters') }} as quarters
        on income.quarter = quarters.quarter
    window history as (
        partition by income.household_key order by income.quarter
        rows between unbounded preceding and current row
    )
),

incomes as (
    select
        years.household_key,
        years.quarter,
        years.yearly_net_income,
        years.yearly_per_capita,
        case
            when earlier.per_capita > 0
                then {{ div_exact(
                    '(earlier.per_capita - years.per_capita)', 'earlier.per_capita', 4
                ) }}
        end as income_drop_share,
        case when years.is_income_year_end then years.per_capita end as income_year_per_capita
    from years
    left join years as earlier
        on
            years.household_key = earlier.household_key
            and years.quarter_one_year_before = earlier.quarter
            and years.inclusion_rule_version = earlier.inclusion_rule_version
),

-- A settlement, a disaster or a claim counts once, from the first quarter that lists it.
settlements as (
    select
        person_key,
        min(quarter) as quarter,
        max(self_paid) as self_paid
    from {{ ref('stg_medical_expenses') }}
    group by county_code, settlement_no, person_key
),

disasters as (
    select
        household_key,
        min(quarter) as quarter,
        max(loss_amount) as loss_amount
    from {{ ref('stg_disaster_relief') }}
    group by household_key, disaster_kind, happened_on
),

claims as (
    select
        household_key,
        min(quarter) as quarter,
        max(claim_amount) as claim_amount
    from {{ ref('stg_insurance_claims') }}
    where loss_cause = 'disease'
    group by county_code, claim_no, household_key
),

events as (
    select
        memberships.household_key,
        settlements.quarter,
        settlements.self_paid,
        0 as loss_amount,
        0 as claim_amount
    from settlements
    inner join {{ ref('int_person_memberships') }} as memberships
        on
            settlements.person_key = memberships.person_key
            and settlements.quarter >= memberships.valid_from
            and settlements.quarter < memberships.valid_until
    union all
    select
        household_key,
        quarter,
        0 as self_paid,
        loss_amount,
        0 as claim_amount
    from disasters
    union all
    select
        household_key,
        quarter,
        0 as self_paid,
        0 as loss_amount,
        claim_amount
    from claims
),

year_to_date as (
    select
        events.household_key,
        quarters.quarter,
        sum(events.self_paid) as self_paid,
        sum(events.loss_amount) as loss_amount,
        sum(events.claim_amount) as claim_amount
    from events
    inner join {{ ref('int_quarters') }} as filed_in
        on events.quarter = filed_in.quarter
    inner join {{ ref('int_quarters') }} as quarters
        on
            filed_in.calendar_year = quarters.calendar_year
            and filed_in.quarter <= quarters.quarter
    group by events.household_key, quarters.quarter
),

-- On the register and diagnosed, or certified, within the year before the quarter's end.
patients as (
    select distinct
        illness.person_key,
        illness.quarter
    from {{ ref('stg_serious_illness') }} as illness
    inner join {{ ref('int_quarters') }} as quarters
        on illness.quarter = quarters.quarter
    where
        illness.illness_group <> 'chronic'
        and illness.diagnosed_on > quarters.quarter_end - interval 1 year
),

newly_disabled as (
    select distinct
        register.person_key,
        register.quarter
    from {{ ref('stg_disability_register') }} as register
    inner join {{ ref('int_quarters') }} as quarters
        on register.quarter = quarters.quarter
    where
        register.disability_grade in ('grade_1', 'grade_2')
        and register.certified_on > quarters.quarter_end - interval 1 year
),

students as (
    select distinct
        aid.person_key,
        quarters.quarter
    from {{ ref('stg_student_aid') }} as aid
    inner join {{ ref('int_quarters') }} as quarters
        on
            aid.quarter <= quarters.quarter
            and aid.quarter > quarters.quarter_one_year_before
    where aid.education_level in ('vocational', 'university')
),

first_work as (
    select
        person_key,
        min(quarter) as quarter
    from {{ ref('int_working_persons') }}
    group by person_key
),

members as (
    select
        roster.household_key,
        roster.quarter,
        count(patients.person_key) as newly_ill_members,
        count(newly_disabled.person_key) as newly_disabled_members,
        count(students.person_key) as students,
        count(working.person_key) as working_members,
        count(*) filter (where roster.is_working_age and first_work.quarter < roster.quarter)
            as earlier_workers
    from {{ ref('int_rostered_members') }} as roster
    left join patients
        on roster.person_key = patients.person_key and roster.quarter = patients.quarter
    left join newly_disabled
        on
            roster.person_key = newly_disabled.person_key
            and roster.quarter = newly_disabled.quarter
    left join students
        on roster.person_key = students.person_key and roster.quarter = students.quarter
    left join {{ ref('int_working_persons') }} as working
        on roster.person_key = working.person_key and roster.quarter = working.quarter
    left join first_work
        on roster.person_key = first_work.person_key
    group by roster.household_key, roster.quarter
),

projects as (
    select
        *,
        coalesce(
            min(case when is_operating then quarter end) over (partition by project_no) < quarter,
            false
        ) as has_operated
    from {{ ref('stg_industry_projects') }}
),

carried as (
    select
        household_key,
        project_no,
        min(quarter) as carried_from
    from {{ ref('stg_industry_project_households') }}
    group by household_key, project_no
),

industries as (
    select
        carried.household_key,
        projects.quarter,
        count(*) filter (where projects.is_operating) as operating_projects,
        count(*) filter (where not projects.is_operating and projects.has_operated)
            as stopped_projects
    from carried
    inner join projects
        on
            carried.project_no = projects.project_no
            and carried.carried_from <= projects.quarter
    group by carried.household_key, projects.quarter
),

study_level as (
    select threshold as income_level
    from {{ ref('alert_thresholds') }}
    where statistic = 'income_level'
),

known as (
    select
        households.household_key,
        households.quarter,
        households.county_code,
        households.village_code,
        incomes.income_drop_share,
        incomes.income_year_per_capita as per_capita_net_income,
        incomes.yearly_net_income,
        incomes.yearly_per_capita,
        study_level.income_level,
        case when filed.medical_expenses then coalesce(year_to_date.self_paid, 0) end
            as self_paid_medical,
        case when filed.disaster_relief then coalesce(year_to_date.loss_amount, 0) end
            as disaster_loss,
        case when filed.insurance_claims then coalesce(year_to_date.claim_amount, 0) end
            as disease_claims,
        case when filed.serious_illness then members.newly_ill_members end as newly_ill_members,
        case when filed.disability_register then members.newly_disabled_members end
            as newly_disabled_members,
        case when filed.student_aid then members.students end as aided_students,
        case
            when not filed.employment_records or not filed.public_welfare_payroll then null
            when members.working_members > 0 then 0
            else members.earlier_workers
        end as members_out_of_work,
        case
            when not filed.industry_projects or not filed.industry_project_households then null
            when industries.operating_projects > 0 then 0
            else coalesce(industries.stopped_projects, 0)
        end as stopped_projects
    from {{ ref('int_rostered_households') }} as households
    inner join filed
        on households.quarter = filed.quarter
    cross join study_level
    left join incomes
        on
            households.household_key = incomes.household_key
            and households.quarter = incomes.quarter
    left join year_to_date
        on
            households.household_key = year_to_date.household_key
            and households.quarter = year_to_date.quarter
    left join members
        on
            households.household_key = members.household_key
            and households.quarter = members.quarter
    left join industries
        on
            households.household_key = industries.household_key
            and households.quarter = industries.quarter
)

select
    household_key,
    quarter,
    county_code,
    village_code,
    income_drop_share,
    per_capita_net_income,
    cast(self_paid_medical as decimal(18, 2)) as self_paid_medical,
    cast(disaster_loss as decimal(18, 2)) as disaster_loss,
    cast(disease_claims as decimal(18, 2)) as disease_claims,
    newly_ill_members,
    newly_disabled_members,
    members_out_of_work,
    stopped_projects,
    cast(self_paid_medical + disaster_loss as decimal(18, 2)) as expense_amount,
    case
        when yearly_net_income > 0
            then {{ div_exact('(self_paid_medical + disaster_loss)', 'yearly_net_income', 4) }}
    end as expense_share,
    case
        when aided_students = 0 then 0
        when yearly_per_capita < income_level then aided_students
        when yearly_per_capita >= income_level then 0
    end as students
from known
