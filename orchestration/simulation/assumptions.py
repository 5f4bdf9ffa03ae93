"""The simulation's invented numbers, read from ``assumptions.yaml`` into typed records.

Every knob stands in that file; code of this package holds mechanisms, no magnitudes of incomes,
rates or counts.
"""

from datetime import date
from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

_FILE = Path(__file__).with_name("assumptions.yaml")

Range = tuple[float, float]


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Income(_Section):
    """How household incomes are spread, persist and split into parts."""

    mean_per_capita: dict[int, float]
    later_growth: float
    county_sigma: float
    village_sigma: float
    total_sigma: float
    persistence: float
    county_growth_sigma: float
    village_growth_sigma: float
    shock_share: float
    shock_factor: Range
    shares_with_workers: dict[str, float]
    shares_without_workers: dict[str, float]
    share_sigma: float
    share_noise: float
    cost_ratio: Range
    planting_yuan_per_mu: Range

    def mean_of(self, income_year: int) -> float:
        """Return the region's mean per person in an income year."""
        known = max(self.mean_per_capita)
        if income_year <= known:
            return self.mean_per_capita[income_year]
        return self.mean_per_capita[known] * (1 + self.later_growth) ** (income_year - known)


class Labour(_Section):
    """Who works, where, and the public posts."""

    worker_share: float
    weak_worker_share: float
    workplaces: dict[str, float]
    workshop_share_in_county: float
    fujian_share_outside_province: float
    public_posts_per_household: float
    award_growth: float


class Relief(_Section):
    """Transfers that follow a rule."""

    dibao_household_share: float
    dibao_monthly: Range
    destitute_share: float
    pension_monthly: Range
    employee_pension_share: float
    employee_pension_monthly: Range
    living_subsidy: float
    nursing_subsidy: float
    farmland_yuan_per_mu: float
    grassland_yuan_per_mu: float
    returned_farmland_yuan_per_mu: float
    illness_share_of_shocks: float
    temporary_share_of_hit: float
    temporary_share: float
    temporary_yuan: Range
    refused_share: float
    not_yet_granted_share: float
    subsidy_unpaid_share: float
    hit_village_share: float
    hit_household_share: float
    disaster_loss_yuan: Range
    disaster_relief_share: Range


class Assets(_Section):
    """Projects, workshops, loans and what they pay."""

    photovoltaic_household_share: float
    photovoltaic_yearly: float
    asset_dividend_share: float
    projects_at_full_scale: int
    operating_share: float
    linkage_share: float
    carried_share: float
    workshop_size: int
    loan_share: float


class Safeguards(_Section):
    """Schooling, medical care, homes and drinking water."""

    enrolled_share: tuple[float, float, float, float]
    employee_insurance_share: float
    premium_yuan: dict[int, int]
    premium_subsidy: dict[str, float]
    treatment_share: dict[str, float]
    medical_median_yuan: dict[str, float]
    medical_sigma: float
    shock_cost_yuan: Range
    basic_share: Range
    major_threshold_yuan: int
    major_share: float
    assistance_share: float
    assistance_limit_yuan: int
    treated_share: float
    newly_treated_share: float
    vocational_share_of_high_school: float
    vocational_share_of_college: float
    yulu_payments_at_full_scale: int
    yulu_yuan: int
    aid_share: dict[str, float]
    aid_yuan: dict[str, int]
    unsafe_home_share: float
    unsafe_water_share: float

    def premium_of(self, year: int) -> int:
        """Return a resident's premium of a calendar year in yuan; the last known one goes on."""
        return self.premium_yuan[min(year, max(self.premium_yuan))]


class Programmes(_Section):
    """Projects, funds, sales, assets and land that departments keep books of."""

    new_beef_ranches: dict[int, int]
    new_sheep_ranches: dict[int, int]
    family_farms: int
    cooperatives: int
    demonstration_entities: int
    parks_recognised_on: tuple[date, ...]
    plans_per_county: tuple[int, int]
    bridging_projects: int
    bridging_kinds: dict[str, float]
    bridging_budget: float
    bridging_linkage_share: float
    bridging_work_relief_share: float
    work_relief_persons: int
    work_relief_crew: int
    work_relief_least_casual: float
    work_relief_share_of_casual: Range
    work_relief_wage_share: Range
    work_relief_low_wage_share: Range
    work_relief_low_projects: float
    canteens: int
    canteen_purchases: float
    canteen_low_units: float
    unions: int
    union_gifts: float
    platform_suppliers: int
    platform_sales: float
    other_channels: dict[str, float]
    promotion_events_per_quarter: float
    support_villages: int
    support_per_village: int
    photovoltaic_posts: int
    photovoltaic_income_margin: Range
    photovoltaic_yuan_per_kwh: float
    photovoltaic_hours: float
    assets_per_village: float
    troubled_asset_share: float
    parcels_per_village: float
    enterprises: int
    volunteer_projects_per_quarter: float
    bride_price_cases_per_quarter: float
    rent_per_mu: Range
    late_rent_share: float
    short_rent_share: float
    tax_relief_uptake: float
    tax_relief_per_person: float


class JobSupport(_Section):
    """What departments do for workers and those without work; counts of the whole region."""

    awards_per_year: int
    award_yuan: tuple[int, ...]
    transport_per_year: int
    transport_yuan: tuple[int, ...]
    social_insurance_per_year: int
    social_insurance_yuan: tuple[int, ...]
    startups_per_year: int
    startup_yuan: tuple[int, ...]
    formal_share: float
    declared_wage_error: float
    fujian_others_per_year: int
    willing_share: float
    served_from: tuple[float, ...]


class Skills(_Section):
    """Courses, graduates, craftsmen and brands; counts of the whole region."""

    trained_per_year: int
    course_size: int
    labour_skill_share: float
    graduates_employed: tuple[float, ...]
    craftsmen: int
    late_brand_share: float


class Finance(_Section):
    """Who wants credit and who is insured."""

    waiting_share: float
    unwilling_share: float
    unfit_share: float
    insured: dict[str, float]
    premium: Range
    claim_share: float
    hit_claim_share: float
    claim_yuan: float


class Holdings(_Section):
    """Land, herds and courtyards of households."""

    planted_share: Range
    most_yuan_per_mu: float
    herd_shares: dict[str, float]
    yuan_per_head: dict[str, Range]
    least_herd_yuan: float
    least_industry_yuan: float
    new_courtyard_share: float
    upgraded_courtyard_share: float
    accepted_share: float


class LowIncome(_Section):
    """Who gets how many of the 13 actions."""

    line_yuan: int
    number_of_actions: tuple[float, ...]
    quarters: tuple[float, ...]


class Audit(_Section):
    """What auditors look at."""

    visited_share: float
    record_share: float
    dead_payee_share: float
    unreachable_share: float
    sampled_village_share: float
    complaint_share: float
    honest_complaint_share: float


class Records(_Section):
    """Honest noise between what happened and what a department has on record."""

    wage_error: float
    village_bias: float
    missing_share: float
    wrong_person_share: float
    late_payment_share: float
    late_registration_share: float
    split_share: float
    survey_relative_error: float
    claim_error: float


class Assumptions(_Section):
    """All invented numbers of the simulation."""

    households_at_full_scale: int
    households_per_village: int
    county_weights: dict[str, float]
    income: Income
    labour: Labour
    relief: Relief
    assets: Assets
    safeguards: Safeguards
    programmes: Programmes
    job_support: JobSupport
    skills: Skills
    finance: Finance
    holdings: Holdings
    low_income: LowIncome
    audit: Audit
    records: Records

    def households_of(self, county_code: str, scale: float) -> int:
        """Return how many households a county has at a scale."""
        share = self.county_weights[county_code] / sum(self.county_weights.values())
        return max(8, round(self.households_at_full_scale * scale * share))


@cache
def load_assumptions() -> Assumptions:
    """Read the committed file."""
    return Assumptions.model_validate(yaml.safe_load(_FILE.read_text("utf-8")))
