-- S19: rows of the income report that were edited after the deadline and after the county had
-- filed, by village and collector (item late); households whose income a later version of the
-- report raised, less those that it lowered, by village (item raised); and by sender, files of
-- payments and incomes sent again with higher figures. A file that was sent once has no second
-- version to compare: villages of such a county are not asked. Edits before that are the work of
-- filing, a county that files late has edited late, and rows that were missing at first raise
-- nothing. Late edits within two minutes are an import: the clock of a file, not of
-- anybody's hand.
{% set entities = [('village', 'village_code'), ('collector', 'collector_id')] -%}
{% set higher, import_from = 0.001, 5 -%}
{% set edited_by_hand -%}
case
        when
            sum(edited_late) >= {{ import_from }}
            and max(edited_minute) filter (where edited_late > 0)
            - min(edited_minute) filter (where edited_late > 0) <= interval 2 minute
            then 0
        else sum(edited_late)
    end
{%- endset %}
with filed as (
    select
        sender as county_code,
        quarter,
        min(received_at) as filed_at
    from {{ ref('stg_submissions') }}
    where dataset = 'household_income_report' and outcome like 'accepted%'
    group by sender, quarter
),

closed as (
    select
        counties.county_code,
        quarters.quarter,
        greatest(
            quarters.quarter_end + (datasets.deadline_days + 1) * interval 1 day,
            coalesce(filed.filed_at, quarters.quarter_end)
        ) as closed_at
    from {{ ref('int_quarters') }} as quarters
    cross join {{ ref('counties') }} as counties
    inner join {{ ref('datasets') }} as datasets
        on datasets.dataset = 'household_income_report'
    left join filed
        on
            counties.county_code = filed.county_code
            and quarters.quarter = filed.quarter
),

edits as (
    select
        reports.county_code,
        reports.quarter,
        reports.village_code,
        reports.county_code || '-' || reports.collector_id as collector_id,
        reports.last_edited_at,
        reports.last_edited_at >= closed.closed_at as is_late,
        closed.closed_at
    from {{ ref('int_guard_households') }} as reports
    inner join closed
        on
            reports.county_code = closed.county_code
            and reports.quarter = closed.quarter
    where reports.last_edited_at is not null
),

{% for entity_type, entity_id in entities -%}
{{ entity_type }}_minutes as (
    select
        {{ entity_id }} as entity_id,
        county_code,
        quarter,
        date_trunc('minute', last_edited_at) as edited_minute,
        any_value(closed_at) as closed_at,
        count(*) as edited,
        count(*) filter (where is_late) as edited_late
    from edits
    where {{ entity_id }} is not null
    group by {{ entity_id }}, county_code, quarter, date_trunc('minute', last_edited_at)
),

{% endfor -%}
first_versions as (
    select
        household_key,
        county_code,
        quarter,
        min_by(net_income, submission_version) as net_income
    from {{ ref('stg_replaced_reports') }}
    group by household_key, county_code, quarter
),

revised as (
    select
        reports.county_code,
        reports.village_code,
        reports.quarter,
        count(*) as households,
        count(*) filter (where reports.net_income_reported > replaced.net_income) as raised,
        count(*) filter (where reports.net_income_reported < replaced.net_income) as lowered
    from {{ ref('int_household_values') }} as reports
    left join first_versions as replaced
        on
            reports.household_key = replaced.household_key
            and reports.county_code = replaced.county_code
            and reports.quarter = replaced.quarter
    where
        (reports.county_code, reports.quarter) in (
            select (first_versions.county_code, first_versions.quarter)
            from first_versions
        )
    group by reports.county_code, reports.village_code, reports.quarter
),

versions as (
    select
        sender,
        quarter,
        submission_version,
        figure / nullif(
            lag(figure) over (
                partition by dataset, sender, quarter
                order by submission_version
            ), 0
        ) - 1 as rise
    from {{ ref('stg_submission_totals') }}
),

sent_again as (
    select
        versions.sender,
        quarters.quarter,
        count(*) as versions,
        count(*) filter (where versions.rise > {{ higher }}) as higher
    from versions
    inner join {{ ref('int_quarters') }} as quarters
        on
            versions.quarter <= quarters.quarter
            and versions.quarter > quarters.quarter - interval 1 year
    where versions.submission_version > 1 and versions.rise is not null
    group by versions.sender, quarters.quarter
)

{% for entity_type, entity_id in entities -%}
select
    'S19' as signal_id,
    'late' as item,
    '{{ entity_type }}' as entity_type,
    entity_id,
    county_code,
    quarter,
    cast(sum(edited) as integer) as sample_size,
    cast({{ edited_by_hand }} as integer) as successes,
    {{ edited_by_hand }} / sum(edited) as statistic,
    printf(
        '%d户中%d户在截止和首次报送（%s）之后修改，其中同一分钟最多%d户',
        cast(sum(edited) as bigint),
        cast(sum(edited_late) as bigint),
        strftime(any_value(closed_at), '%Y-%m-%d'),
        max(edited_late)
    ) as evidence_zh
from {{ entity_type }}_minutes
group by entity_id, county_code, quarter
union all
{% endfor -%}
select
    'S19' as signal_id,
    'raised' as item,
    'village' as entity_type,
    village_code as entity_id,
    county_code,
    quarter,
    cast(households as integer) as sample_size,
    cast(greatest(raised - lowered, 0) as integer) as successes,
    greatest(raised - lowered, 0) / households as statistic,
    printf('%d户中重报后改高%d户、改低%d户', households, raised, lowered) as evidence_zh
from revised
union all
select
    'S19' as signal_id,
    '' as item,
    'department' as entity_type,
    sent_again.sender as entity_id,
    coalesce(counties.county_code, '{{ var("region_code") }}') as county_code,
    sent_again.quarter,
    cast(sent_again.versions as integer) as sample_size,
    cast(sent_again.higher as integer) as successes,
    sent_again.higher / sent_again.versions as statistic,
    printf(
        '一年内重报%d次，其中%d次每行平均金额高于前一版', sent_again.versions, sent_again.higher
    ) as evidence_zh
from sent_again
left join {{ ref('counties') }} as counties
    on sent_again.sender = counties.county_code
