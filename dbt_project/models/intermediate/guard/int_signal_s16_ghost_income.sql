-- S16: persons in a village who are paid after their death, at two posts or on two rosters.
with households as (
    select
        village_code,
        county_code,
        quarter,
        count(*) as households
    from {{ ref('int_guard_households') }}
    group by village_code, county_code, quarter
),

persons as (
    select
        findings.village_code,
        findings.county_code,
        findings.quarter,
        count(distinct findings.person_key) as persons,
        string_agg(distinct kinds.title_zh, '、' order by kinds.title_zh) as kinds_zh,
        sum(findings.amount) as amount
    from {{ ref('int_signal_findings') }} as findings
    inner join {{ ref('finding_kinds') }} as kinds
        on findings.finding_kind = kinds.finding_kind
    where findings.signal_id = 'S16' and kinds.is_exact
    group by findings.village_code, findings.county_code, findings.quarter
)

select
    'S16' as signal_id,
    '' as item,
    'village' as entity_type,
    households.village_code as entity_id,
    households.county_code,
    households.quarter,
    cast(households.households as integer) as sample_size,
    cast(coalesce(persons.persons, 0) as integer) as successes,
    cast(coalesce(persons.persons, 0) as double) as statistic,
    printf(
        '%d户中%d人%s，涉及%.2f元',
        households.households,
        coalesce(persons.persons, 0),
        coalesce(persons.kinds_zh, '死亡后领取或重复登记'),
        cast(coalesce(persons.amount, 0) as double)
    ) as evidence_zh
from households
left join persons
    on
        households.village_code = persons.village_code
        and households.county_code = persons.county_code
        and households.quarter = persons.quarter
