-- Whether each condition of a warning holds in a quarter: true as soon as one of its statistics
-- reaches its threshold, false when all are known and none does, and no row while that is unknown.
-- Only households that met the condition at some time are kept, with the first statistic that does.
{% set statistics = [
    'income_drop_share', 'expense_amount', 'expense_share', 'newly_ill_members',
    'self_paid_medical', 'students', 'disaster_loss', 'newly_disabled_members',
    'members_out_of_work', 'stopped_projects', 'disease_claims', 'per_capita_net_income',
] -%}
with monitoring_line as (
    select
        quarters.quarter,
        lines.value
    from {{ ref('monitoring_line') }} as lines
    inner join {{ ref('int_quarters') }} as quarters
        on lines.calendar_year = quarters.calendar_year
    where lines.region_code = '{{ var("region_code") }}'
),

long as (
    {% for statistic in statistics -%}
    select
        household_key,
        quarter,
        county_code,
        village_code,
        '{{ statistic }}' as statistic,
        cast({{ statistic }} as decimal(18, 4)) as statistic_value
    from {{ ref('int_household_stresses') }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

compared as (
    select
        long.*,
        thresholds.risk_kind,
        coalesce(thresholds.threshold, cast(monitoring_line.value as decimal(18, 4)))
            as threshold,
        case
            when thresholds.threshold is null then long.statistic_value < monitoring_line.value
            else long.statistic_value >= thresholds.threshold
        end as is_met
    from long
    inner join {{ ref('alert_thresholds') }} as thresholds
        on long.statistic = thresholds.statistic
    left join monitoring_line
        on long.quarter = monitoring_line.quarter
),

ever_met as (
    select distinct
        household_key,
        risk_kind
    from compared
    where is_met
),

judged as (
    select
        compared.*,
        bool_or(compared.is_met) over same_condition as is_any_met,
        count(compared.is_met) over same_condition = count(*) over same_condition as is_all_known
    from compared
    inner join ever_met
        on
            compared.household_key = ever_met.household_key
            and compared.risk_kind = ever_met.risk_kind
    window same_condition as (
        partition by compared.household_key, compared.quarter, compared.risk_kind
    )
)

select
    household_key,
    quarter,
    county_code,
    village_code,
    risk_kind,
    statistic,
    statistic_value,
    threshold,
    coalesce(is_any_met, false) as is_met
from judged
where is_any_met or is_all_known
qualify row_number() over (
    partition by household_key, quarter, risk_kind
    order by case when is_met then 0 else 1 end, statistic
) = 1
