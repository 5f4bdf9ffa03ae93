-- Households where what is claimed or what the records support breaks the formula; at most ten
-- thousand are listed.
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
                - production_cost
            )
        ) as gap_reported,
        abs(
            net_income_recomputed
            - (
                wage_income_recomputed + business_income_recomputed + property_income_recomputed + transfer_income_recomputed
                - production_cost
            )
        ) as gap_recomputed,
        least(wage_income_struck, business_income_struck, property_income_struck, transfer_income_struck)
            as struck_amount
    from int_household_values
)

select *
from gaps
where
    gap_reported > 0.005
    or gap_recomputed > 0.005
    or struck_amount < 0
limit 10000
