{{ config(materialized='view') }}
-- Auditors' answers with what their lead number names: `<village or household>-<quarter>`, such as
-- 640522001201-2024Q3, with or without words before it. A village that is not of the answering
-- county and a household that is not on its roster are not known.
with parsed as (
    select
        *,
        regexp_extract(trim(lead_no), '(?:^|[^0-9a-z])([0-9]{12}|[0-9a-f]{64})-[0-9]{4}Q[1-4]$', 1)
            as named,
        right(trim(lead_no), 6) as label
    from {{ ref('stg_audit_dispositions') }}
)

select
    parsed.county_code,
    parsed.lead_no,
    parsed.disposition,
    parsed.amount_struck,
    parsed.disposed_on,
    parsed.explanation,
    parsed.submission_id,
    parsed.source_row,
    quarters.quarter,
    quarters.income_year,
    case
        when villages.village_code is not null then 'village'
        when households.household_key is not null then 'household'
    end as entity_type,
    coalesce(villages.village_code, households.household_key) as entity_id,
    case
        when parsed.named = '' then '线索编号不能识别'
        when quarters.quarter is null then '季度不在监测期内'
        when coalesce(villages.village_code, households.household_key) is null
            then '线索编号所指的村或户不在本县'
    end as problem_zh
from parsed
left join {{ ref('quarters') }} as quarters
    on parsed.label = quarters.label and parsed.named <> ''
left join {{ ref('villages') }} as villages
    on parsed.named = villages.village_code and parsed.county_code = villages.county_code
left join {{ ref('int_registered_households') }} as households
    on parsed.named = households.household_key and parsed.county_code = households.county_code
