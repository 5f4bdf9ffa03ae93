-- When each person on a roster was born and, if a death is registered, died.
with births as (
    select
        person_key,
        min(birth_month) as birth_month
    from {{ ref('stg_person_roster') }}
    group by person_key
)

select
    births.person_key,
    births.birth_month,
    deaths.died_on
from births
left join {{ ref('int_deaths') }} as deaths
    on births.person_key = deaths.person_key
