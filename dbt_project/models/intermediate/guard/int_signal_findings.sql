-- Exact evidence on households and persons, each row traced to the claim and to the record.
{% set models = [
    ref('int_finding_above_payroll'),
    ref('int_finding_after_death'),
    ref('int_finding_beyond_capacity'),
    ref('int_finding_counted_twice'),
    ref('int_finding_late_edit'),
    ref('int_finding_loan_as_income'),
    ref('int_finding_member_removed'),
    ref('int_finding_two_places'),
    ref('int_finding_two_posts'),
    ref('int_finding_unpaid_claim'),
] -%}
with findings as (
    {% for model in models -%}
    select
        finding_kind,
        signal_id,
        household_key,
        person_key,
        county_code,
        quarter,
        item,
        amount_claimed,
        amount_supported,
        amount,
        is_exact,
        evidence_zh,
        record_submission_id,
        record_sheet,
        record_row
    from {{ model }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
)

select
    findings.finding_kind,
    findings.signal_id,
    findings.household_key,
    findings.person_key,
    findings.county_code,
    reports.village_code,
    findings.quarter,
    findings.item,
    findings.amount_claimed,
    findings.amount_supported,
    findings.amount,
    findings.is_exact,
    findings.evidence_zh,
    reports.submission_id,
    reports.source_sheet,
    reports.source_row,
    findings.record_submission_id,
    findings.record_sheet,
    findings.record_row
from findings
left join {{ ref('int_household_reports') }} as reports
    on
        findings.household_key = reports.household_key
        and findings.quarter = reports.quarter
