-- Who has died, on or off the rosters: the first day that any registration names.
select
    person_key,
    min(died_on) as died_on
from {{ ref('stg_deaths') }}
group by person_key
