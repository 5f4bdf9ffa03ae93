-- S3: households whose items have all grown by one factor. Real items grow apart: the honest rate
-- is close to none.
{% set items = discretionary_sub_items() -%}
{% set minimum_growth, tolerance = 0.003, 0.01 -%}
with growths as (
    select
        household_key,
        quarter,
        county_code,
        village_code,
        list_filter(
            [
                {% for item in items -%}
                case
                    when {{ item }} > 0 and {{ item }}_base > 0
                        then {{ item }} / {{ item }}_base - 1
                end{{ ',' if not loop.last }}
                {% endfor %}
            ],
            lambda growth : growth is not null
        ) as growth
    from {{ ref('int_guard_households') }}
    where has_base
),

judged as (
    select
        *,
        list_max(growth) - list_min(growth) < {{ tolerance }}
        and abs(list_avg(growth)) > {{ minimum_growth }} as is_coherent
    from growths
    where len(growth) >= 2
)

select
    'S3' as signal_id,
    '' as item,
    'village' as entity_type,
    village_code as entity_id,
    county_code,
    quarter,
    cast(count(*) as integer) as sample_size,
    cast(count(*) filter (where is_coherent) as integer) as successes,
    count(*) filter (where is_coherent) / count(*) as statistic,
    printf(
        '%d户中%d户的各项收入同比增幅几乎一致（相差不到1个百分点），增幅中位数%.1f%%',
        count(*),
        count(*) filter (where is_coherent),
        100 * coalesce(median(list_avg(growth)) filter (where is_coherent), 0)
    ) as evidence_zh
from judged
group by village_code, county_code, quarter
