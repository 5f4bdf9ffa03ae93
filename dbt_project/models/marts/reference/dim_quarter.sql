select
    quarters.quarter,
    quarters.quarter_end,
    quarters.label,
    quarters.label_zh,
    quarters.calendar_year,
    quarters.calendar_quarter,
    quarters.income_year,
    quarters.income_year_quarter,
    quarters.is_income_year_end,
    quarters.is_calendar_year_end,
    filed.quarter is not null as has_data,
    quarters.income_year_start
from {{ ref('quarters') }} as quarters
left join {{ ref('int_quarters') }} as filed
    on quarters.quarter = filed.quarter
