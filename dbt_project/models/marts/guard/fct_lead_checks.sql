{% set figures = [
    'items_under_known_rules', 'villages_alike', 'registers_missing', 'households_changed',
    'households_with_other_collector', 'households_with_disaster_relief', 'earlier_explanations',
] -%}
with counted as (
    {% for figure in figures -%}
    select
        village_code,
        county_code,
        quarter,
        households,
        '{{ figure }}' as figure,
        {{ figure }} as found
    from {{ ref('int_lead_checks') }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

judged as (
    select
        counted.*,
        checks.check_id,
        checks.position,
        checks.title_zh,
        checks.question_zh,
        checks.possible_zh,
        checks.not_found_zh,
        case
            when counted.found is null then 'not_known'
            when abs(counted.found) < checks.possible_from then 'not_found'
            when abs(counted.found) < checks.possible_share * counted.households then 'not_found'
            else 'possible'
        end as result
    from counted
    inner join {{ ref('lead_checks') }} as checks
        on counted.figure = checks.figure
)

select
    village_code,
    quarter,
    check_id,
    county_code,
    position,
    title_zh,
    question_zh,
    result,
    case result
        when 'possible' then replace(possible_zh, '{n}', cast(abs(found) as varchar))
        when 'not_found' then not_found_zh
        else '上年同季没有数据，无从比较'
    end as result_zh,
    found,
    households
from judged
