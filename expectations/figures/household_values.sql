-- Households that break a rule; at most ten thousand are listed.
with checked as (
    select
        household_key,
        quarter,
        county_code,
        village_code,
        household_size,
        net_income_reported,
        per_capita_net_income_reported,
        net_income_recomputed - net_income_verified as struck_amount,
        case
            when (net_income_recomputed is null) = (net_income_verified is null) then 0
            else 1
        end as half_assessed,
        self_declared_share,
        evidence_coverage,
        count(*) over (partition by household_key, quarter) as copies
    from fct_household_income
)

select *
from checked
where
    copies > 1
    or net_income_reported is null
    or per_capita_net_income_reported is null
    or household_size is null
    or household_size < 1
    or struck_amount < 0
    or half_assessed = 1
    or self_declared_share not between 0 and 1
    or evidence_coverage not between 0 and 1
limit 10000
