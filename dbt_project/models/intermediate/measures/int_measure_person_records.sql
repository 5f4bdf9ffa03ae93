{{ config(materialized='view') }}
-- The records of persons that an indicator counts: each row is one record of a register.
-- `record_month` dates the record for the question whether the person lived; `record_no` is the
-- number under which an auditor would look it up.
{% set employment = ['stg_employment_records', 'quarter', 'null'] -%}
{% set subsidies = ['stg_employment_subsidies', 'quarter', 'payment_no'] -%}
{% set disabled = ['stg_disability_subsidies', 'pay_month', 'null'] -%}
{% set counted = [
    ['M06-01', employment, 'true'],
    ['M06-02', employment, "workplace_kind = 'outside_province'"],
    ['M06-03', employment, "workplace_kind = 'outside_county'"],
    ['M06-04', employment, "workplace_kind = 'in_county'"],
    ['M06-05', employment, 'is_fujian_transfer'],
    ['M06-06', subsidies, "subsidy_kind = 'employment_award'"],
    ['M06-07', subsidies, "subsidy_kind = 'transport'"],
    ['M07-01', ['stg_work_relief_wages', 'pay_month', 'project_no'], 'amount > 0'],
    ['M08-01', employment, "employment_channel = 'workshop'"],
    ['M09-01', ['stg_public_welfare_payroll', 'pay_month', 'post_no'], "payment_status = 'paid'"],
    ['M09-03', ['stg_ranger_posts', 'quarter', 'post_no'], 'true'],
    ['M10-01', ['stg_training_records', 'quarter', 'course_no'], 'true'],
    ['M10-02', ['stg_student_aid', 'quarter', 'payment_no'], "aid_kind = 'yulu'"],
    ['M11-02', subsidies, "subsidy_kind in ('social_insurance', 'startup')"],
    ['M12-01', ['stg_dibao_payments', 'pay_month', 'null'], "relief_kind = 'dibao'"],
    ['M12-02', disabled, 'true'],
    ['M12-05', ['stg_temporary_relief', 'quarter', 'payment_no'], 'true'],
    ['M12-06', ['stg_medical_expenses', 'quarter', 'settlement_no'], 'paid_assistance > 0'],
    ['M17-03', ['stg_photovoltaic_posts', 'quarter', 'post_no'], 'true'],
    ['M19-01', ['stg_student_aid', 'quarter', 'payment_no'], 'true'],
] -%}
{% for indicator_id, register, condition in counted -%}
select
    '{{ indicator_id }}' as indicator_id,
    '{{ register[0][4:] }}' as dataset,
    quarter,
    county_code,
    person_key,
    {{ register[1] }} as record_month,
    cast({{ register[2] }} as varchar) as record_no,
    submission_id,
    source_sheet,
    source_row
from {{ ref(register[0]) }}
where {{ condition }}
{% if not loop.last -%}
union all
{% endif -%}
{% endfor %}
