-- Every village and quarter as the guard sees it, with what auditors answered and what is withheld.
with answers as (
    select
        answers.*,
        quarters.income_year
    from {{ ref('int_lead_answers') }} as answers
    inner join {{ ref('int_quarters') }} as quarters
        on answers.quarter = quarters.quarter
    where answers.entity_type = 'village'
    qualify row_number() over (
        partition by answers.entity_id, quarters.income_year
        order by answers.disposed_on desc, answers.lead_no desc
    ) = 1
),

withheld as (
    select
        households.village_code,
        households.quarter,
        cast(
            sum({{ sum_of(income_components(), 'withheld.{}_withheld') }}) as decimal(18, 2)
        ) as withheld_income
    from {{ ref('int_withheld_income') }} as withheld
    inner join {{ ref('int_household_values') }} as households
        on
            withheld.household_key = households.household_key
            and withheld.quarter = households.quarter
    where households.net_income_recomputed is not null
    group by households.village_code, households.quarter
)

select
    stakes.village_code,
    stakes.county_code,
    stakes.quarter,
    stakes.village_code || '-' || quarters.label as lead_no,
    stakes.households,
    stakes.persons,
    stakes.net_income_reported,
    coalesce(entities.families_assessed, 0) as families_assessed,
    entities.families_fired,
    entities.combined_p,
    entities.q_value,
    entities.q_by,
    entities.leading_signal,
    entities.leading_item,
    entities.mechanism,
    coalesce(entities.exact_findings, 0) as exact_findings,
    coalesce(entities.wording, 'none') as wording,
    coalesce(entities.is_flagged, false) as is_flagged,
    entities.flagged_by,
    entities.risk_score,
    entities.probability,
    stakes.yuan_at_stake,
    entities.expected_yuan,
    coalesce(withheld.withheld_income, 0) as withheld_income,
    answers.disposition,
    answers.amount_struck,
    answers.disposed_on
from {{ ref('int_village_stakes') }} as stakes
inner join {{ ref('int_quarters') }} as quarters
    on stakes.quarter = quarters.quarter
left join {{ ref('stg_guard_entities') }} as entities
    on
        entities.entity_type = 'village'
        and stakes.village_code = entities.entity_id
        and stakes.quarter = entities.quarter
left join withheld
    on
        stakes.village_code = withheld.village_code
        and stakes.quarter = withheld.quarter
left join answers
    on
        stakes.village_code = answers.entity_id
        and quarters.income_year = answers.income_year
