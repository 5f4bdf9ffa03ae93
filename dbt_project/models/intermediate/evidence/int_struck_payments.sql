-- Payments that cannot stand, whatever anyone explains: each row names one payment and one reason.
-- A death strikes the months after it; the same month paid twice strikes the second payment, and so
-- does the same voucher listed again; a month paid by two counties strikes the county that is not
-- the person's home.
with monthly as (
    select
        payments.*,
        deaths.died_on
    from {{ ref('int_payments') }} as payments
    left join {{ ref('int_deaths') }} as deaths
        on payments.person_key = deaths.person_key
    where payments.person_key is not null and payments.pay_month is not null
),

after_death as (
    select
        *,
        'after_death' as reason
    from monthly
    where pay_month > died_on
),

-- Several jobs in one quarter are no contradiction, so employment is left out.
living as (
    select * from monthly
    where
        dataset <> 'employment_records'
        and (died_on is null or pay_month <= died_on)
),

repeated as (
    select
        sub_item,
        person_key,
        pay_month
    from living
    group by sub_item, person_key, pay_month
    having count(*) > 1
),

candidates as (
    select
        living.*,
        min(living.county_code) over same_month as first_county,
        max(living.county_code) over same_month as last_county,
        max(case when living.county_code = memberships.county_code then living.county_code end)
            over same_month as home_county,
        row_number() over (
            partition by
                living.sub_item, living.person_key, living.pay_month,
                living.county_code, living.entitlement
            order by
                living.quarter, living.submission_id, living.source_sheet, living.source_row
        ) as copy_number
    from living
    inner join repeated
        on
            living.sub_item = repeated.sub_item
            and living.person_key = repeated.person_key
            and living.pay_month = repeated.pay_month
    left join {{ ref('int_person_memberships') }} as memberships
        on
            living.person_key = memberships.person_key
            and living.pay_month >= memberships.valid_from
            and living.pay_month < memberships.valid_until
    window same_month as (
        partition by living.sub_item, living.person_key, living.pay_month
    )
),

paid_again as (
    select
        *,
        case
            when
                first_county <> last_county
                and county_code <> coalesce(home_county, first_county)
                then 'two_counties'
            when copy_number > 1 then 'paid_twice'
        end as reason
    from candidates
),

vouchers as (
    select
        *,
        row_number() over (
            partition by dataset, county_code, household_key, sub_item, entitlement
            order by quarter, submission_id, source_sheet, source_row
        ) as copy_number
    from {{ ref('int_payments') }}
    where pay_month is null and entitlement is not null
),

listed_again as (
    select
        *,
        'paid_twice' as reason
    from vouchers
    where copy_number > 1
)

{% for branch in ['after_death', 'paid_again', 'listed_again'] -%}
select
    submission_id,
    source_sheet,
    source_row,
    reason,
    dataset,
    sub_item,
    component,
    county_code,
    person_key,
    household_key,
    entitlement,
    amount,
    pay_month,
    quarter
from {{ branch }}
where reason is not null
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
