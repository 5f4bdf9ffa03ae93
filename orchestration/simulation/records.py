"""Which function makes the rows of which dataset."""

from collections.abc import Callable

import pyarrow as pa

from orchestration.simulation import (
    assets,
    audits,
    claims,
    credit,
    entities,
    funds,
    homes,
    household_industry,
    industry,
    job_support,
    land,
    low_income,
    medical,
    registry,
    relief,
    rosters,
    rules,
    sales,
    schooling,
    skills,
    society,
    transfers,
    work,
)
from orchestration.simulation.population import quarters_so_far
from orchestration.simulation.world import Builder, CountyWorld


def county_rows(world: CountyWorld, t: int) -> dict[str, pa.Table]:
    """Return the rows of every dataset that concerns the county in quarter ``t``.

    Departments derive their records from the same truth as the households' reports, with honest
    noise: a few rows missing, a few booked on another member of the family, wages as the employer
    states them.
    """
    world.forget_before(quarters_so_far(t).start)
    return {name: world.rows(name, t) for name in BUILDERS}


BUILDERS: dict[str, Builder] = {
    "household_roster": rosters.household_roster,
    "person_roster": rosters.person_roster,
    "household_income_report": rosters.household_income_report,
    "employment_records": work.employment_records,
    "public_welfare_payroll": work.public_welfare_payroll,
    "pension_payments": transfers.pension_payments,
    "dibao_payments": transfers.dibao_payments,
    "disability_subsidies": transfers.disability_subsidies,
    "one_card_payments": transfers.one_card_payments,
    "ecological_compensation": transfers.ecological_compensation,
    "village_dividends": industry.village_dividends,
    "village_collective_income": industry.village_collective_income,
    "workshops": work.workshops,
    "industry_projects": industry.industry_projects,
    "industry_project_households": industry.industry_project_households,
    "microloans": industry.microloans,
    "deaths": registry.deaths,
    "household_changes": registry.household_changes,
    "temporary_relief": relief.temporary_relief,
    "relief_reviews": relief.relief_reviews,
    "disability_register": relief.disability_register,
    "disaster_relief": relief.disaster_relief,
    "student_aid": schooling.student_aid,
    "insurance_enrolment": medical.insurance_enrolment,
    "medical_expenses": medical.medical_expenses,
    "serious_illness": medical.serious_illness,
    "housing_safety": homes.housing_safety,
    "water_safety": homes.water_safety,
    "farm_entities": entities.farm_entities,
    "industry_parks": entities.industry_parks,
    "county_plans": entities.county_plans,
    "project_assets": assets.project_assets,
    "photovoltaic_stations": assets.photovoltaic_stations,
    "photovoltaic_posts": assets.photovoltaic_posts,
    "bridging_projects": funds.bridging_projects,
    "village_support_funds": funds.village_support_funds,
    "work_relief_projects": funds.work_relief_projects,
    "work_relief_wages": funds.work_relief_wages,
    "consumption_assistance": sales.consumption_assistance,
    "promotion_events": sales.promotion_events,
    "union_purchases": sales.union_purchases,
    "platform_sales": sales.platform_sales,
    "canteen_procurement": sales.canteen_procurement,
    "enterprise_villages": society.enterprise_villages,
    "volunteer_aid": society.volunteer_aid,
    "village_customs": society.village_customs,
    "bride_price_cases": society.bride_price_cases,
    "land_transfers": land.land_transfers,
    "idle_land": land.idle_land,
    "workshop_tax_relief": work.workshop_tax_relief,
    "employment_subsidies": job_support.employment_subsidies,
    "employer_wages": job_support.employer_wages,
    "fujian_transfers": job_support.fujian_transfers,
    "employment_services": job_support.employment_services,
    "ranger_posts": job_support.ranger_posts,
    "training_records": skills.training_records,
    "graduates": skills.graduates,
    "craftsmen": skills.craftsmen,
    "labour_brands": skills.labour_brands,
    "household_assets": household_industry.household_assets,
    "courtyard_economy": household_industry.courtyard_economy,
    "credit_demand": credit.credit_demand,
    "insurance_policies": credit.insurance_policies,
    "insurance_claims": credit.insurance_claims,
    "low_income_actions": low_income.low_income_actions,
    "known_rules": rules.known_rules,
    "audit_back_checks": audits.audit_back_checks,
    "audit_dispositions": audits.audit_dispositions,
    "income_survey": claims.income_survey,
    "county_measure_report": claims.county_measure_report,
}

REGIONAL: dict[str, Callable[[int], pa.Table]] = {
    "national_comparators": claims.national_comparators,
    "audit_waivers": audits.audit_waivers,
}
"""Datasets that one department files about no county in particular."""
