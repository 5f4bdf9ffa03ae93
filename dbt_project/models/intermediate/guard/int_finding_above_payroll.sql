-- Wages claimed more than half above what employment records hold and above what employers have
-- declared to the tax bureau, whichever is more. A household with neither record may be paid in
-- cash and is S2's business.
{% set jobs = employment_sub_items() -%}
{% set tolerance, from_yuan = 1.5, 2000 -%}
with wages as (
    select
        household_key,
        county_code,
        quarter,
        {{ sum_of(jobs, 'coalesce({}_claimed, 0)') }} as claimed,
        greatest(employment_high, coalesce(declared_wages, 0)) as recorded
    from {{ ref('int_guard_evidence') }}
    where employment_high > 0
)

select
    'above_payroll' as finding_kind,
    'S1' as signal_id,
    household_key,
    cast(null as varchar) as person_key,
    county_code,
    quarter,
    '{{ jobs[0] }}' as item,
    cast(claimed as decimal(18, 2)) as amount_claimed,
    cast(recorded as decimal(18, 2)) as amount_supported,
    cast(claimed - recorded as decimal(18, 2)) as amount,
    false as is_exact,
    printf(
        '申报工资%.2f元，用工登记和个税申报中较大者为%.2f元',
        cast(claimed as double),
        cast(recorded as double)
    ) as evidence_zh,
    cast(null as varchar) as record_submission_id,
    cast(null as varchar) as record_sheet,
    cast(null as integer) as record_row
from wages
where claimed > {{ tolerance }} * recorded and claimed - recorded >= {{ from_yuan }}
