-- Every county and quarter: p in range, flagged villages no more than there are, the answer known.
select
    risks.county_code,
    places.county_name,
    risks.quarter,
    risks.combined_p,
    risks.q_value,
    risks.higher_criticism_p,
    risks.villages - risks.villages_flagged as villages_not_flagged,
    round(risks.villages_assessed / nullif(risks.villages, 0), 4) as share_assessed,
    risks.wording
from fct_county_risk as risks
left join dim_county as places
    on risks.county_code = places.county_code
