select
    measure_no,
    title_zh,
    title_en,
    component,
    responsible_departments,
    plan_quote,
    responsibility_quote
from {{ ref('measures') }}
