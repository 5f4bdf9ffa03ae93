-- What decides which of the 13 actions fit a household of the low-income group, or one whose income
-- declined, by the newest income year that is over; facts are those of the newest quarter for which
-- its county filed the roster. A fact is null while its register is not filed.
{% set registers = {
    'employment_records': 'is_filed', 'public_welfare_payroll': 'is_filed',
    'employment_services': 'is_filed', 'graduates': 'is_filed', 'workshops': 'is_filed',
    'dibao_payments': 'is_filed', 'disability_register': 'is_filed',
    'disability_subsidies': 'is_filed', 'serious_illness': 'is_filed',
    'industry_project_households': 'is_filed',
    'medical_expenses': 'is_filed_calendar_year_to_date',
    'courtyard_economy': 'is_filed_calendar_year_to_date',
    'insurance_policies': 'is_filed_four_quarters',
    'one_card_payments': 'is_filed_four_quarters',
    'low_income_actions': 'is_filed_four_quarters',
} -%}
with filed as (
    select
        quarter,
        {% for dataset, flag in registers.items() -%}
        bool_or(dataset = '{{ dataset }}' and {{ flag }})
            as {{ dataset }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_dataset_filings') }}
    group by quarter
),

newest_year as (
    select
        max(income.quarter) as quarter,
        max(quarters.calendar_year) as calendar_year
    from {{ ref('int_household_income') }} as income
    inner join {{ ref('int_quarters') }} as quarters
        on income.quarter = quarters.quarter
    where quarters.is_income_year_end
),

newest_rosters as (
    select
        county_code,
        max(quarter) as quarter
    from {{ ref('int_rostered_households') }}
    group by county_code
),

households as (
    select
        roster.household_key,
        roster.quarter,
        roster.county_code,
        roster.village_code,
        roster.cultivated_land_mu,
        quarters.quarter_end,
        quarters.calendar_year,
        groups.is_low_income_reported as is_low_income,
        coalesce(groups.is_income_decline_reported, false) as is_income_decline,
        income.per_capita_net_income_reported as per_capita_net_income
    from {{ ref('int_rostered_households') }} as roster
    inner join {{ ref('int_quarters') }} as quarters
        on roster.quarter = quarters.quarter
    inner join newest_rosters
        on
            roster.county_code = newest_rosters.county_code
            and roster.quarter = newest_rosters.quarter
    cross join newest_year
    inner join {{ ref('int_household_income') }} as income
        on
            roster.household_key = income.household_key
            and newest_year.quarter = income.quarter
    inner join {{ ref('int_household_groups') }} as groups
        on
            roster.household_key = groups.household_key
            and newest_year.quarter = groups.quarter
    where groups.is_low_income_reported or groups.is_income_decline_reported
),

plan_quarters as (
    select distinct
        quarter,
        quarter_end,
        calendar_year
    from households
),

-- Persons with a record of the quarter, by register.
served as (
    select distinct
        person_key,
        quarter
    from {{ ref('stg_employment_services') }}
    where guidance_sessions + job_offers > 0
),

graduates as (
    select distinct
        graduates.person_key,
        graduates.quarter
    from {{ ref('stg_graduates') }} as graduates
    inner join plan_quarters
        on
            graduates.quarter = plan_quarters.quarter
            and extract(year from graduates.graduated_on) = plan_quarters.calendar_year
    where not graduates.is_employed
),

disabled as (
    select
        person_key,
        quarter,
        bool_or(disability_grade in ('grade_1', 'grade_2')) as is_severe,
        coalesce(bool_or(is_family_helped), false) as is_family_helped
    from {{ ref('stg_disability_register') }}
    group by person_key, quarter
),

subsidised as (
    select distinct
        person_key,
        quarter
    from {{ ref('stg_disability_subsidies') }}
),

ill as (
    select distinct
        person_key,
        quarter
    from {{ ref('stg_serious_illness') }}
    where illness_group <> 'chronic'
),

assisted as (
    select distinct
        expenses.person_key,
        plan_quarters.quarter
    from {{ ref('stg_medical_expenses') }} as expenses
    inner join {{ ref('int_quarters') }} as quarters
        on expenses.quarter = quarters.quarter
    inner join plan_quarters
        on
            quarters.calendar_year = plan_quarters.calendar_year
            and quarters.quarter <= plan_quarters.quarter
    where expenses.paid_assistance > 0
),

members as (
    select
        roster.household_key,
        roster.quarter,
        count(*) filter (where roster.is_able) as able_members,
        count(*) filter (where roster.is_able and not coalesce(working.is_employed, false))
            as able_without_work,
        count(*) filter (where roster.is_weak and not coalesce(working.is_employed, false))
            as weak_without_work,
        count(*) filter (
            where (roster.is_able or roster.is_weak)
            and (not coalesce(working.is_employed, false) or working.is_in_workshop)
        ) as members_at_home,
        count(*) filter (where working.is_in_workshop) as workshop_members,
        count(*) filter (where working.has_public_post) as post_members,
        count(served.person_key) as served_members,
        count(graduates.person_key) as idle_graduates,
        count(disabled.person_key) as disabled_members,
        count(*) filter (where disabled.is_severe) as severe_members,
        count(*) filter (where disabled.is_family_helped) as helped_members,
        count(subsidised.person_key) as subsidised_members,
        count(ill.person_key) as ill_members,
        count(assisted.person_key) as assisted_members
    from {{ ref('int_rostered_members') }} as roster
    inner join plan_quarters
        on roster.quarter = plan_quarters.quarter
    left join {{ ref('int_working_persons') }} as working
        on roster.person_key = working.person_key and roster.quarter = working.quarter
    {% for register in [
        'served', 'graduates', 'disabled', 'subsidised', 'ill', 'assisted',
    ] -%}
    left join {{ register }}
        on
            roster.person_key = {{ register }}.person_key
            and roster.quarter = {{ register }}.quarter
    {% endfor -%}
    group by roster.household_key, roster.quarter
),

assets as (
    select
        household_key,
        quarter,
        county_code,
        planted_land_mu,
        beef_cattle + sheep + pigs + coalesce(poultry, 0) as herd_heads
    from {{ ref('stg_household_assets') }}
),

courtyards as (
    select
        courtyards.household_key,
        plan_quarters.quarter,
        count(*) as courtyards
    from {{ ref('stg_courtyard_economy') }} as courtyards
    inner join {{ ref('int_quarters') }} as quarters
        on courtyards.quarter = quarters.quarter
    inner join plan_quarters
        on
            quarters.calendar_year = plan_quarters.calendar_year
            and quarters.quarter <= plan_quarters.quarter
    group by courtyards.household_key, plan_quarters.quarter
),

policies as (
    select
        policies.household_key,
        plan_quarters.quarter,
        count(*) as farm_policies
    from {{ ref('stg_insurance_policies') }} as policies
    inner join plan_quarters
        on
            policies.quarter <= plan_quarters.quarter
            and policies.ends_on >= plan_quarters.quarter_end
    where policies.insurance_kind not in ('accident', 'illness_cost', 'health')
    group by policies.household_key, plan_quarters.quarter
),

awards as (
    select
        payments.household_key,
        plan_quarters.quarter,
        count(*) as industry_awards
    from {{ ref('stg_one_card_payments') }} as payments
    inner join plan_quarters
        on
            payments.quarter <= plan_quarters.quarter
            and payments.quarter > plan_quarters.quarter - interval 1 year
    where payments.subsidy_code = 'industry_award' and payments.payment_status = 'paid'
    group by payments.household_key, plan_quarters.quarter
),

relief as (
    select
        household_key,
        quarter,
        count(*) as relief_payments
    from {{ ref('stg_dibao_payments') }}
    where relief_kind in ('dibao', 'destitute')
    group by household_key, quarter
),

projects as (
    select
        household_key,
        quarter,
        count(*) as projects
    from {{ ref('stg_industry_project_households') }}
    group by household_key, quarter
),

workshops as (
    select
        county_code,
        quarter,
        count(*) as county_workshops
    from {{ ref('stg_workshops') }}
    where workshop_state = 'operating'
    group by county_code, quarter
)

select
    households.household_key,
    households.quarter,
    households.county_code,
    households.village_code,
    households.is_low_income,
    households.is_income_decline,
    households.per_capita_net_income,
    households.per_capita_net_income < monitoring_line.value as is_below_line,
    members.able_members,
    greatest(households.cultivated_land_mu, assets.planted_land_mu) as land_mu,
    assets.herd_heads,
    stresses.self_paid_medical,
    cast(medical.threshold as decimal(18, 2)) as medical_threshold,
    {% set facts = {
        'able_without_work': ('members', 'employment_records'),
        'weak_without_work': ('members', 'employment_records'),
        'members_at_home': ('members', 'employment_records'),
        'workshop_members': ('members', 'employment_records'),
        'post_members': ('members', 'public_welfare_payroll'),
        'served_members': ('members', 'employment_services'),
        'idle_graduates': ('members', 'graduates'),
        'disabled_members': ('members', 'disability_register'),
        'severe_members': ('members', 'disability_register'),
        'helped_members': ('members', 'disability_register'),
        'subsidised_members': ('members', 'disability_subsidies'),
        'ill_members': ('members', 'serious_illness'),
        'assisted_members': ('members', 'medical_expenses'),
        'courtyards': ('courtyards', 'courtyard_economy'),
        'farm_policies': ('policies', 'insurance_policies'),
        'industry_awards': ('awards', 'one_card_payments'),
        'relief_payments': ('relief', 'dibao_payments'),
        'projects': ('projects', 'industry_project_households'),
        'county_workshops': ('workshops', 'workshops'),
    } -%}
    {% for fact, (table, register) in facts.items() -%}
    case
        when filed.{{ register }}
            then {% if table == 'members' -%}
            members.{{ fact }}
            {%- else -%}
            coalesce({{ table }}.{{ fact }}, 0)
            {%- endif %}
    end as {{ fact }},
    {% endfor -%}
    filed.low_income_actions as is_ledger_filed
from households
inner join filed
    on households.quarter = filed.quarter
cross join newest_year
left join {{ ref('monitoring_line') }} as monitoring_line
    on
        monitoring_line.region_code = '{{ var("region_code") }}'
        and newest_year.calendar_year = monitoring_line.calendar_year
left join {{ ref('alert_thresholds') }} as medical
    on medical.statistic = 'self_paid_medical'
left join {{ ref('int_household_stresses') }} as stresses
    on
        households.household_key = stresses.household_key
        and households.quarter = stresses.quarter
left join assets
    on
        households.household_key = assets.household_key
        and households.county_code = assets.county_code
        and households.quarter = assets.quarter
left join workshops
    on households.county_code = workshops.county_code and households.quarter = workshops.quarter
{% for table in ['members', 'courtyards', 'policies', 'awards', 'relief', 'projects'] -%}
left join {{ table }}
    on
        households.household_key = {{ table }}.household_key
        and households.quarter = {{ table }}.quarter
{% endfor -%}
