-- What each household claims of the recorded sub-items beside what the registers hold of it, income
-- year to date. A register says two things of a monthly entitlement: when it was paid, and for
-- which month. Either is a fair basis of a claim, so the record is a span from the lower to the
-- higher sum; pay that is on record as pending counts for its month. Wages count as employment
-- records have them, or, of a person without one, as the employer declared them to the tax bureau.
--
-- Registers come late. Where a village's register adds nothing in the quarter, the claim that
-- answers is the one of the quarter before: that one has had a quarter to be recorded. Where a
-- county's register has not spoken, the item is null: nobody is held to a register not filed.
{% set items = recorded_sub_items() -%}
{% set jobs = employment_sub_items() -%}
{% set monthly = monthly_sub_items() -%}
{% set monthly_names = "'" ~ monthly | join("', '") ~ "'" -%}
{% set records = ['employment'] + items | reject('in', jobs) | list -%}
with entitlements as (
    select
        sub_item,
        person_key,
        household_key,
        pay_month,
        max(amount) as amount
    from (
        select
            sub_item,
            person_key,
            household_key,
            entitlement,
            pay_month,
            amount
        from {{ ref('int_payments') }}
        where sub_item in ({{ monthly_names }})
        union all
        select
            'wage_public_post' as sub_item,
            person_key,
            null as household_key,
            post_no as entitlement,
            pay_month,
            amount
        from {{ ref('stg_public_welfare_payroll') }}
        where payment_status = 'pending'
    )
    group by sub_item, person_key, household_key, entitlement, pay_month
),

declared as (
    select
        person_key,
        cast(date_trunc('quarter', wage_month) as date) as quarter,
        sum(declared_wage) as amount
    from {{ ref('stg_employer_wages') }}
    group by all
),

employed as (
    select distinct
        person_key,
        quarter
    from {{ ref('stg_employment_records') }}
),

amounts as (
    select
        sub_item,
        person_key,
        household_key,
        cast(date_trunc('quarter', pay_month) as date) as quarter,
        amount
    from entitlements
    union all
    select
        'declared' as sub_item,
        person_key,
        null as household_key,
        quarter,
        amount
    from declared
    union all
    select
        'declared_only' as sub_item,
        declared.person_key,
        null as household_key,
        declared.quarter,
        declared.amount
    from declared
    anti join employed
        on
            declared.person_key = employed.person_key
            and declared.quarter = employed.quarter
),

in_quarter as (
    select
        coalesce(amounts.household_key, memberships.household_key) as household_key,
        amounts.quarter,
        {% for item in monthly + ['declared', 'declared_only'] -%}
        sum(case when amounts.sub_item = '{{ item }}' then amounts.amount else 0 end)
            as {{ item }}{{ ',' if not loop.last }}
        {% endfor %}
    from amounts
    left join {{ ref('int_person_memberships') }} as memberships
        on
            amounts.household_key is null
            and amounts.person_key = memberships.person_key
            and amounts.quarter >= memberships.valid_from
            and amounts.quarter < memberships.valid_until
    group by all
),

by_month as (
    select
        in_quarter.household_key,
        later.quarter,
        {% for item in monthly + ['declared', 'declared_only'] -%}
        sum(in_quarter.{{ item }}) as {{ item }}{{ ',' if not loop.last }}
        {% endfor %}
    from in_quarter
    inner join {{ ref('int_quarters') }} as earned
        on in_quarter.quarter = earned.quarter
    inner join {{ ref('int_quarters') }} as later
        on
            earned.income_year = later.income_year
            and earned.quarter <= later.quarter
    where in_quarter.household_key is not null
    group by in_quarter.household_key, later.quarter
),

compared as (
    select
        items.household_key,
        items.quarter,
        items.county_code,
        items.village_code,
        quarters.income_year,
        quarters.income_year_quarter,
        {% for item in items -%}
        items.{{ item }}_claimed,
        {% endfor -%}
        items.wage_migrant_supported + items.wage_local_supported
        + coalesce(by_month.declared_only, 0) as employment_low,
        items.wage_migrant_supported + items.wage_local_supported
        + coalesce(by_month.declared_only, 0) as employment_high,
        {% for item in records | reject('equalto', 'employment') -%}
        {% if item in monthly -%}
        {% for bound, choice in [('low', 'least'), ('high', 'greatest')] -%}
        case
            when items.{{ item }}_supported is not null
                then {{ choice }}(items.{{ item }}_supported, coalesce(by_month.{{ item }}, 0))
        end as {{ item }}_{{ bound }},
        {% endfor -%}
        {% else -%}
        items.{{ item }}_supported as {{ item }}_low,
        items.{{ item }}_supported as {{ item }}_high,
        {% endif -%}
        {% endfor -%}
        coalesce(by_month.declared, 0) as declared_wages
    from {{ ref('int_household_items') }} as items
    inner join {{ ref('int_quarters') }} as quarters
        on items.quarter = quarters.quarter
    left join by_month
        on
            items.household_key = by_month.household_key
            and items.quarter = by_month.quarter
),

villages as (
    select
        county_code,
        village_code,
        quarter,
        income_year,
        {% for record in records -%}
        sum({{ record }}_high) as {{ record }}{{ ',' if not loop.last }}
        {% endfor %}
    from compared
    group by all
),

village_flows as (
    select
        county_code,
        village_code,
        quarter,
        income_year,
        {% for record in records -%}
        {{ record }} - coalesce(lag({{ record }}) over so_far, 0)
            as {{ record }}{{ ',' if not loop.last }}
        {% endfor %}
    from villages
    window so_far as (partition by county_code, village_code, income_year order by quarter)
),

county_flows as (
    select
        county_code,
        quarter,
        income_year,
        {% for record in records -%}
        sum({{ record }}) as {{ record }}{{ ',' if not loop.last }}
        {% endfor %}
    from village_flows
    group by all
),

-- A register that added something a year before and adds nothing now has not been filed.
county_silences as (
    select
        now.county_code,
        now.quarter,
        now.income_year,
        {% for record in records -%}
        now.{{ record }},
        coalesce(now.{{ record }}, 0) = 0 and coalesce(base.{{ record }}, 0) > 0
            as {{ record }}_is_missing{{ ',' if not loop.last }}
        {% endfor %}
    from county_flows as now
    left join county_flows as base
        on
            now.county_code = base.county_code
            and base.quarter = now.quarter - interval 1 year
),

counties as (
    select
        county_code,
        quarter,
        {% for record in records -%}
        coalesce(
            sum({{ record }}) over so_far > 0 and not bool_or({{ record }}_is_missing) over so_far,
            false
        ) as {{ record }}_is_heard{{ ',' if not loop.last }}
        {% endfor %}
    from county_silences
    window so_far as (partition by county_code, income_year order by quarter)
)

select
    now.household_key,
    now.quarter,
    now.county_code,
    now.village_code,
    {% for item in items -%}
    {% set record = 'employment' if item in jobs else item -%}
    case
        when not counties.{{ record }}_is_heard or now.{{ record }}_high is null then null
        when village_flows.{{ record }} > 0 then now.{{ item }}_claimed
        else earlier.{{ item }}_claimed
    end as {{ item }}_claimed,
    case
        when
            counties.{{ record }}_is_heard
            and now.{{ record }}_high is not null
            and earlier.{{ item }}_claimed is not null
            then least(now.{{ item }}_claimed, earlier.{{ item }}_claimed)
    end as {{ item }}_claimed_before,
    {% endfor -%}
    {% for record in records -%}
    now.{{ record }}_low,
    now.{{ record }}_high,
    {% endfor -%}
    now.declared_wages
from compared as now
inner join village_flows
    on
        now.village_code = village_flows.village_code
        and now.county_code = village_flows.county_code
        and now.quarter = village_flows.quarter
inner join counties
    on
        now.county_code = counties.county_code
        and now.quarter = counties.quarter
left join compared as earlier
    on
        now.household_key = earlier.household_key
        and now.income_year = earlier.income_year
        and now.income_year_quarter = earlier.income_year_quarter + 1
