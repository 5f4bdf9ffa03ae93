select
    list_id,
    code,
    position,
    title_zh,
    title_en,
    definition_zh,
    contract_column,
    source,
    plan_quote
from {{ ref('code_lists') }}
