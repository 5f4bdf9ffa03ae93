-- The auditors' answer to a lead. It holds for the village or household and the whole income year
-- of the lead; where they answered more than once, the newest answer counts.
select
    entity_type,
    entity_id,
    quarter,
    disposition,
    amount_struck,
    disposed_on,
    cast(date_trunc('quarter', disposed_on) as date) as answered_quarter,
    lead_no,
    explanation
from {{ ref('int_read_answers') }}
where problem_zh is null
qualify row_number() over (
    partition by entity_type, entity_id, income_year
    order by disposed_on desc, quarter desc, submission_id desc, source_row desc
) = 1
