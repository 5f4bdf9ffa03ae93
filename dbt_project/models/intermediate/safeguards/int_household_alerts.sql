-- A warning begins in the quarter in which a condition is met and was not in the last quarter that
-- could be judged; it ends in the next that is judged and free of it, or when the roster says that
-- the risk is resolved. Quarters without the register neither begin nor end one.
with marked as (
    select
        *,
        case
            when
                is_met and not coalesce(
                    lag(is_met) over (
                        partition by household_key, risk_kind order by quarter
                    ), false
                )
                then 1
            else 0
        end as is_raised
    from {{ ref('int_household_conditions') }}
),

spells as (
    select
        *,
        sum(is_raised) over (
            partition by household_key, risk_kind order by quarter
            rows between unbounded preceding and current row
        ) as spell
    from marked
),

gone as (
    select
        household_key,
        risk_kind,
        spell,
        min(quarter) as quarter
    from spells
    where not is_met
    group by household_key, risk_kind, spell
),

cleared as (
    select
        household_key,
        quarter
    from {{ ref('int_rostered_households') }}
    qualify
        is_risk_resolved
        and not coalesce(
            lag(is_risk_resolved) over (partition by household_key order by quarter), false
        )
),

-- Until the same risk is raised again, a later clearance is about the first warning.
raised as (
    select
        *,
        lead(quarter) over (partition by household_key, risk_kind order by quarter)
            as raised_again
    from spells
    where is_raised = 1
),

resolved as (
    select
        raised.household_key,
        raised.quarter,
        raised.risk_kind,
        least(min(gone.quarter), min(cleared.quarter)) as resolved_quarter
    from raised
    left join gone
        on
            raised.household_key = gone.household_key
            and raised.risk_kind = gone.risk_kind
            and raised.spell = gone.spell
    left join cleared
        on
            raised.household_key = cleared.household_key
            and raised.quarter < cleared.quarter
            and (raised.raised_again is null or cleared.quarter < raised.raised_again)
    group by raised.household_key, raised.quarter, raised.risk_kind
),

acted as (
    select
        resolved.household_key,
        resolved.quarter,
        resolved.risk_kind,
        min(help.quarter) as acted_on_quarter,
        min_by(help.dataset, help.quarter || help.dataset) as action_dataset
    from resolved
    inner join {{ ref('int_household_help') }} as help
        on
            resolved.household_key = help.household_key
            and resolved.quarter <= help.quarter
            and (resolved.resolved_quarter is null or help.quarter <= resolved.resolved_quarter)
    group by resolved.household_key, resolved.quarter, resolved.risk_kind
)

select
    raised.household_key,
    raised.quarter,
    raised.risk_kind,
    raised.county_code,
    raised.village_code,
    raised.statistic,
    raised.statistic_value,
    raised.threshold,
    acted.acted_on_quarter,
    acted.action_dataset,
    resolved.resolved_quarter
from raised
inner join resolved
    on
        raised.household_key = resolved.household_key
        and raised.quarter = resolved.quarter
        and raised.risk_kind = resolved.risk_kind
left join acted
    on
        raised.household_key = acted.household_key
        and raised.quarter = acted.quarter
        and raised.risk_kind = acted.risk_kind
