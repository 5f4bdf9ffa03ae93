select
    county_code,
    prefecture_code,
    county_name,
    prefecture_name,
    goal_group,
    plan_quote,
    false as is_region
from {{ ref('counties') }}
union all
select
    '{{ var("region_code") }}' as county_code,
    null as prefecture_code,
    '宁夏回族自治区' as county_name,
    null as prefecture_name,
    'region' as goal_group,
    null as plan_quote,
    true as is_region
