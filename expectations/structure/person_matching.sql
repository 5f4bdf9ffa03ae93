-- Per register and quarter: share of paid persons that belong to a household on the roster.
with persons as (
    select distinct
        payments.dataset,
        payments.quarter,
        payments.person_key
    from int_payments as payments
    inner join int_quarters as quarters
        on payments.quarter = quarters.quarter
    where payments.person_key is not null
),

members as (
    select distinct person_key
    from int_person_memberships
)

select
    persons.dataset,
    persons.quarter,
    count(*) as persons,
    round(count(members.person_key) / count(*), 4) as matched_share
from persons
left join members
    on persons.person_key = members.person_key
group by persons.dataset, persons.quarter
