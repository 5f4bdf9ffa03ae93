with titles as (
    select
        thresholds.statistic,
        string_agg(datasets.title_zh, '、' order by datasets.title_zh) as datasets_zh
    from {{ ref('alert_thresholds') }} as thresholds
    inner join {{ ref('datasets') }} as datasets
        on '|' || thresholds.record_datasets || '|' like '%|' || datasets.dataset || '|%'
    group by thresholds.statistic
),

worded as (
    select
        alerts.*,
        thresholds.title_zh,
        thresholds.statistic_zh,
        thresholds.unit_zh,
        {% for figure in ['statistic_value', 'threshold'] -%}
        case thresholds.unit_zh
            when '比例'
                then cast(cast(100 * alerts.{{ figure }} as decimal(18, 1)) as varchar) || '%'
            when '元' then cast(cast(alerts.{{ figure }} as decimal(18, 2)) as varchar) || '元'
            else cast(cast(alerts.{{ figure }} as integer) as varchar) || thresholds.unit_zh
        end as {{ figure }}_zh{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_household_alerts') }} as alerts
    inner join {{ ref('alert_thresholds') }} as thresholds
        on alerts.statistic = thresholds.statistic
)

select
    worded.household_key,
    worded.quarter,
    worded.risk_kind,
    worded.title_zh,
    worded.county_code,
    worded.village_code,
    worded.statistic,
    worded.statistic_value,
    worded.threshold,
    worded.unit_zh,
    worded.statistic_zh || worded.statistic_value_zh || '，预警线' || worded.threshold_zh
    || '（' || titles.datasets_zh || '）' as evidence,
    worded.acted_on_quarter,
    worded.action_dataset,
    worded.resolved_quarter,
    case
        when worded.resolved_quarter is not null then 'resolved'
        when worded.acted_on_quarter is not null then 'acted_on'
        else 'raised'
    end as status
from worded
inner join titles
    on worded.statistic = titles.statistic
