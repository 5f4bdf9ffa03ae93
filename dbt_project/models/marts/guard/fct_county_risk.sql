select
    county_code,
    quarter,
    wording,
    families_fired,
    leading_signal,
    villages,
    villages_assessed,
    villages_flagged,
    villages_serious,
    villages_unanswered,
    combined_p,
    q_value,
    higher_criticism,
    higher_criticism_p,
    affected_share,
    cast(row_number() over (
        partition by quarter
        order by expected_yuan desc nulls last, county_code asc
    ) as integer) as risk_rank,
    yuan_at_stake,
    expected_yuan,
    withheld_income,
    is_flagged
from {{ ref('int_county_leads') }}
