select
    action_no,
    action_code,
    title_zh,
    component,
    record_datasets,
    eligibility_rule_zh,
    eligibility_rule_en,
    plan_quote
from {{ ref('assistance_actions') }}
