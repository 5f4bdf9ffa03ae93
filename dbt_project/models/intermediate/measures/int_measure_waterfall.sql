-- The steps from the claim to the verified figure, in the indicator's unit: the first is what was
-- claimed beyond (or short of) what the departments list, the others are the records' own reasons.
-- Claimed value + all steps = verified value. Unknown where there is no claim or no register.
with named as (
    select
        observed.indicator_id,
        observed.quarter,
        observed.county_code,
        reasons.step as reason,
        reasons.stage,
        case
            when indicators.aggregation = 'ratio'
                then {{ div_exact('reasons.amount', 'observed.denominator', 4) }}
            else cast(reasons.amount as decimal(18, 4))
        end as amount
    from {{ ref('int_measure_values') }} as observed
    inner join {{ ref('indicators') }} as indicators
        on observed.indicator_id = indicators.indicator_id
    inner join {{ ref('int_measure_reasons') }} as reasons
        on
            observed.indicator_id = reasons.indicator_id
            and observed.quarter = reasons.quarter
            and observed.county_code = reasons.county_code
    where
        observed.is_on_record
        and reasons.stage in ('recomputed', 'verified')
        and reasons.amount <> 0
),

-- Rounding of a ratio's parts goes to the claim's gap, so that the steps add up exactly.
gaps as (
    select
        observed.indicator_id,
        observed.quarter,
        observed.county_code,
        case when observed.reported > observed.recomputed - coalesce(sum(named.amount), 0)
            then 'no_record' else 'not_claimed'
        end as reason,
        'recomputed' as stage,
        cast(
            observed.recomputed - coalesce(sum(named.amount), 0) - observed.reported
            as decimal(18, 4)
        ) as amount
    from {{ ref('int_measure_values') }} as observed
    left join named
        on
            observed.indicator_id = named.indicator_id
            and observed.quarter = named.quarter
            and observed.county_code = named.county_code
            and named.stage = 'recomputed'
    where observed.is_on_record and observed.reported is not null
    group by
        observed.indicator_id, observed.quarter, observed.county_code,
        observed.recomputed, observed.reported
)

select
    indicator_id,
    quarter,
    county_code,
    reason,
    stage,
    amount
from named
union all
select
    indicator_id,
    quarter,
    county_code,
    reason,
    stage,
    amount
from gaps
where amount <> 0
