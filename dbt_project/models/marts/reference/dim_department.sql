select
    department_id,
    department_name,
    other_names,
    measures,
    plan_quote
from {{ ref('departments') }}
