select
    village_code,
    township_code,
    county_code,
    prefecture_code,
    village_name,
    township_name,
    county_name,
    prefecture_name
from {{ ref('villages') }}
