-- S1: how far claims lie above the registers, by component: the mean over covered households of the
-- logarithm of claimed to recorded. One household whose record is incomplete must not speak for its
-- village, so a household counts for a quarter at most.
{% set jobs = employment_sub_items() -%}
{% set limit = 0.25 -%}
{% set names = {'wage': '工资性收入', 'property': '财产性收入', 'transfer': '转移性收入'} -%}
with components as (
    {% for component in names -%}
    {% set items = income_components()[component] | select('in', recorded_sub_items()) | list -%}
    {% set records = items | reject('in', jobs) | list -%}
    {% set has_jobs = component == 'wage' -%}
    select
        '{{ component }}' as item,
        '{{ names[component] }}' as title_zh,
        household_key,
        quarter,
        county_code,
        village_code,
        {{ sum_of(items, 'coalesce({}_claimed, 0)') }} as claimed,
        {% for bound in ['low', 'high'] -%}
        {{ sum_of(records, 'case when {0}_claimed is null then 0 else {0}_' ~ bound ~ ' end') }}
        {%- if has_jobs %}
        + case when {{ jobs[0] }}_claimed is null then 0 else employment_{{ bound }} end
        {%- endif %}
        as {{ bound }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_guard_evidence') }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

-- Within the span that the register allows there is no gap.
gaps as (
    select
        *,
        ln(claimed / least(greatest(claimed, low, 1), high)) as gap
    from components
    where claimed > 0 and high > 1
)

select
    'S1' as signal_id,
    item,
    'village' as entity_type,
    village_code as entity_id,
    county_code,
    quarter,
    cast(count(*) as integer) as sample_size,
    cast(null as integer) as successes,
    avg(least(greatest(gap, -{{ limit }}), {{ limit }})) as statistic,
    printf(
        '%s：有登记的%d户申报%.0f元，登记%.0f元，户均差距%.1f%%，%d户申报高于登记10%%以上',
        any_value(title_zh),
        count(*),
        cast(sum(claimed) as double),
        cast(sum(least(greatest(claimed, low), high)) as double),
        100 * (exp(avg(least(greatest(gap, -{{ limit }}), {{ limit }}))) - 1),
        count(*) filter (where gap > ln(1.1))
    ) as evidence_zh
from gaps
group by item, village_code, county_code, quarter
