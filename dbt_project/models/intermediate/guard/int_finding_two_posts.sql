-- One person paid for two public-welfare posts at once: one row per person and quarter, traced to a
-- payment of the second post. One month in which two posts meet is a hand-over, so two months of
-- the income year are asked for; a payment that was filed twice for one post is no second post.
with paid as (
    select
        payments.*,
        payments.county_code || ' ' || payments.entitlement as post,
        quarters.income_year
    from {{ ref('int_payments') }} as payments
    inner join {{ ref('int_quarters') }} as quarters
        on payments.quarter = quarters.quarter
    where payments.sub_item = 'wage_public_post'
),

doubled_months as (
    select
        person_key,
        income_year,
        pay_month
    from paid
    group by person_key, income_year, pay_month
    having count(distinct post) > 1
),

second_posts as (
    select
        paid.*,
        first_value(paid.post) over held as kept_post
    from paid
    inner join doubled_months
        on
            paid.person_key = doubled_months.person_key
            and paid.income_year = doubled_months.income_year
            and paid.pay_month = doubled_months.pay_month
    window held as (
        partition by paid.person_key, paid.income_year
        order by paid.pay_month asc, paid.amount desc, paid.post asc
    )
),

by_quarter as (
    select
        person_key,
        county_code,
        income_year,
        quarter,
        count(distinct pay_month) as months,
        min(pay_month) as first_month,
        max(pay_month) as last_month,
        sum(amount) as amount,
        {% for column in ['submission_id', 'source_sheet', 'source_row'] -%}
        arg_min({{ column }}, (pay_month, submission_id, source_row)) as {{ column }},
        {% endfor -%}
        sum(count(distinct pay_month)) over (
            partition by person_key, income_year
            order by quarter
        ) as months_so_far
    from second_posts
    where post <> kept_post
    group by person_key, county_code, income_year, quarter
)

select
    'two_posts' as finding_kind,
    'S16' as signal_id,
    memberships.household_key,
    by_quarter.person_key,
    by_quarter.county_code,
    by_quarter.quarter,
    'wage_public_post' as item,
    cast(null as decimal(18, 2)) as amount_claimed,
    cast(0 as decimal(18, 2)) as amount_supported,
    cast(by_quarter.amount as decimal(18, 2)) as amount,
    true as is_exact,
    printf(
        '该人%s至%s有%d个月同时在两个公益性岗位领取补贴，第二个岗位共%.2f元',
        strftime(by_quarter.first_month, '%Y年%m月'),
        strftime(by_quarter.last_month, '%Y年%m月'),
        by_quarter.months,
        cast(by_quarter.amount as double)
    ) as evidence_zh,
    by_quarter.submission_id as record_submission_id,
    by_quarter.source_sheet as record_sheet,
    by_quarter.source_row as record_row
from by_quarter
left join {{ ref('int_person_memberships') }} as memberships
    on
        by_quarter.person_key = memberships.person_key
        and by_quarter.quarter >= memberships.valid_from
        and by_quarter.quarter < memberships.valid_until
where by_quarter.months_so_far >= 2
