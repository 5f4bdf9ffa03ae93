-- Every indicator, county and quarter; counts of rows show a broken grid.
select
    completion.indicator_id,
    completion.county_code,
    places.county_name,
    completion.quarter,
    count(*) over (
        partition by completion.indicator_id, completion.county_code, completion.quarter
    ) as copies,
    count(*) over (partition by completion.indicator_id, completion.quarter) as places_present,
    case when indicators.aggregation = 'ratio' then completion.reported end as ratio_reported,
    case when indicators.aggregation = 'ratio' then completion.recomputed end as ratio_recomputed,
    completion.recomputed - completion.verified as struck_amount,
    completion.completion_rate_reported
from fct_measure_completion as completion
inner join dim_indicator as indicators
    on completion.indicator_id = indicators.indicator_id
left join dim_county as places
    on completion.county_code = places.county_code
