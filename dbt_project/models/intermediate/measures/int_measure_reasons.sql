-- By how much each step changes an indicator's figure of a quarter, in the unit of what is added
-- up, for every county and the region: within the region, what moves between counties cancels out.
select
    windows.indicator_id,
    windows.quarter,
    coalesce(steps.county_code, '{{ var("region_code") }}') as county_code,
    steps.step,
    steps.stage,
    cast(sum(steps.amount) as decimal(18, 2)) as amount
from {{ ref('int_measure_windows') }} as windows
inner join {{ ref('int_measure_steps') }} as steps
    on
        windows.indicator_id = steps.indicator_id
        and windows.window_start = steps.window_start
        and windows.quarter >= steps.holds_from
        and windows.quarter < steps.holds_until
group by grouping sets (
    (windows.indicator_id, windows.quarter, steps.county_code, steps.step, steps.stage),
    (windows.indicator_id, windows.quarter, steps.step, steps.stage)
)
having grouping(steps.county_code) = 1 or steps.county_code <> '{{ var("region_code") }}'
