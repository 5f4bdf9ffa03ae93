-- Where each household is registered: in the county whose roster listed it first.
select
    household_key,
    min_by(county_code, quarter || county_code) as county_code
from {{ ref('stg_household_roster') }}
group by household_key
