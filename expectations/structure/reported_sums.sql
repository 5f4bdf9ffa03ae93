-- Per county and quarter: share of reports whose stated totals are more than a yuan off their parts.
with compared as (
    select
        county_code,
        quarter,
        coalesce(
            abs(
                wage_income
                - wage_migrant
                - wage_local
                - wage_public_post
                - wage_casual
            ) > 1
            or abs(
                business_income
                - business_planting
                - business_breeding
                - business_other
            ) > 1
            or abs(
                property_income
                - property_dividend
                - property_land_rent
                - property_other
            ) > 1
            or abs(
                transfer_income
                - transfer_family_planning
                - transfer_dibao
                - transfer_destitute
                - transfer_pension
                - transfer_ecological
                - transfer_farm_subsidy
                - transfer_disability
                - transfer_other
            ) > 1,
            false
        ) as is_component_off,
        coalesce(
            abs(
                total_income - wage_income - business_income - property_income - transfer_income
            ) > 1,
            false
        ) as is_total_off
    from stg_household_income_report
)

select
    compared.county_code,
    counties.county_name,
    compared.quarter,
    round(avg(case when is_component_off then 1 else 0 end), 4) as component_off_share,
    round(avg(case when is_total_off then 1 else 0 end), 4) as total_off_share
from compared
inner join counties
    on compared.county_code = counties.county_code
group by compared.county_code, counties.county_name, compared.quarter
