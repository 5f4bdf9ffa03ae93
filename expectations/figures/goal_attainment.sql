-- Every goal, county and quarter of the goal's income year.
select
    goal_id,
    county_code,
    quarter,
    count(*) over (partition by goal_id, county_code, quarter) as copies,
    value_reported,
    case when metric like '%growth%' then value_reported end as growth_reported,
    case when metric like '%share%' then value_reported end as share_reported
from fct_goal_attainment
