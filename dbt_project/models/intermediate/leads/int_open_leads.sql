-- Serious leads on villages that withhold income, and until when: a lead of one quarter stays open
-- for the rest of its income year, unless auditors found it explained. What they confirmed stays
-- withheld, up to the amount that they struck.
with flagged as (
    select
        entities.entity_id as village_code,
        entities.county_code,
        quarters.income_year,
        min(entities.quarter) as first_quarter
    from {{ ref('stg_guard_entities') }} as entities
    inner join {{ ref('int_quarters') }} as quarters
        on entities.quarter = quarters.quarter
    where
        entities.entity_type = 'village'
        and entities.wording = 'serious'
    group by entities.entity_id, entities.county_code, quarters.income_year
),

answers as (
    select
        answers.entity_id as village_code,
        quarters.income_year,
        answers.disposition,
        answers.amount_struck
    from {{ ref('int_lead_answers') }} as answers
    inner join {{ ref('int_quarters') }} as quarters
        on answers.quarter = quarters.quarter
    where answers.entity_type = 'village'
    qualify row_number() over (
        partition by answers.entity_id, quarters.income_year
        order by answers.disposed_on desc, answers.lead_no desc
    ) = 1
)

select
    flagged.village_code,
    flagged.county_code,
    quarters.quarter,
    flagged.first_quarter,
    answers.disposition,
    answers.amount_struck
from flagged
inner join {{ ref('int_quarters') }} as quarters
    on
        flagged.income_year = quarters.income_year
        and flagged.first_quarter <= quarters.quarter
left join answers
    on
        flagged.village_code = answers.village_code
        and flagged.income_year = answers.income_year
where coalesce(answers.disposition, '') <> 'explained'
