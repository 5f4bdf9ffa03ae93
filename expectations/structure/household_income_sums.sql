-- Households where one of the three values breaks the formula; at most ten thousand are listed.
with gaps as (
    select
        household_key,
        quarter,
        county_code,
        village_code,
        abs(
            net_income_reported
            - (
                wage_income_reported + business_income_reported + property_income_reported + transfer_income_reported
                - production_cost_reported
            )
        ) as gap_reported,
        abs(
            net_income_recomputed
            - (
                wage_income_recomputed + business_income_recomputed + property_income_recomputed + transfer_income_recomputed
                - production_cost_recomputed
            )
        ) as gap_recomputed,
        abs(
            net_income_verified
            - (
                wage_income_verified + business_income_verified + property_income_verified + transfer_income_verified
                - production_cost_verified
            )
        ) as gap_verified,
        abs(per_capita_net_income_reported - net_income_reported / household_size)
            as gap_per_capita,
        net_income_recomputed - net_income_verified as struck_amount
    from int_household_income
)

select *
from gaps
where
    gap_reported > 0.005
    or gap_recomputed > 0.005
    or gap_verified > 0.005
    or gap_per_capita > 0.0051
    or struck_amount < 0
limit 10000
