{{ config(materialized='view') }}
-- Who worked in a quarter, by the employment records and the payroll of public-welfare posts.
with work as (
    select
        person_key,
        quarter,
        employment_channel,
        false as is_public_post
    from {{ ref('stg_employment_records') }}
    union all
    select
        person_key,
        quarter,
        null as employment_channel,
        true as is_public_post
    from {{ ref('stg_public_welfare_payroll') }}
    where payment_status = 'paid'
)

select
    person_key,
    quarter,
    bool_or(not is_public_post) as is_employed,
    bool_or(is_public_post) as has_public_post,
    coalesce(bool_or(employment_channel = 'workshop'), false) as is_in_workshop
from work
group by person_key, quarter
