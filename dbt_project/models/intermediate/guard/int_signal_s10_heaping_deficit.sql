-- S10: round figures and repeats that have gone, the scar of figures multiplied by a factor. Round
-- here means tens: whoever rounds at all rounds to tens, and one in ten is left after scaling.
{% set items = discretionary_sub_items() -%}
with counted as (
    select
        village_code,
        county_code,
        quarter,
        {% for span in ['', '_flow'] -%}
        {% for item in items -%}
        count(*) filter (where {{ item ~ span }} >= 100)
        {{- ' + ' if not loop.last }}
        {% endfor -%}
        as cells{{ span }},
        {% for item in items -%}
        count(*) filter (
            where
                {{ item ~ span }} >= 100
                and cast(100 * {{ item ~ span }} as bigint) % 1000 = 0
        )
        {{- ' + ' if not loop.last }}
        {% endfor -%}
        as round_cells{{ span }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_guard_households') }}
    group by village_code, county_code, quarter
),

-- The year to date or the quarter, whichever has fewer.
chosen as (
    select
        *,
        coalesce(round_cells_flow / nullif(cells_flow, 0), 1)
        < round_cells / nullif(cells, 0) as is_flow
    from counted
    where cells > 0
),

shares as (
    select
        village_code,
        county_code,
        quarter,
        case when is_flow then cells_flow else cells end as cells,
        case when is_flow then round_cells_flow else round_cells end as round_cells
    from chosen
)

select
    'S10' as signal_id,
    '' as item,
    'village' as entity_type,
    shares.village_code as entity_id,
    shares.county_code,
    shares.quarter,
    cast(shares.cells as integer) as sample_size,
    cast(null as integer) as successes,
    round(
        -{{ stabilised_share('shares.round_cells', 'shares.cells') }}
        - coalesce(copies.statistic, 0),
        6
    ) as statistic,
    printf(
        '可变项目%d个数额中只有%d个是10元的整倍数（%.1f%%）；%s',
        shares.cells,
        shares.round_cells,
        100 * shares.round_cells / shares.cells,
        coalesce(copies.evidence_zh, '无可比的往期数额')
    ) as evidence_zh
from shares
left join {{ ref('int_signal_s06_copy_forward') }} as copies
    on
        shares.village_code = copies.entity_id
        and shares.county_code = copies.county_code
        and shares.quarter = copies.quarter
        and copies.entity_type = 'village'
        and copies.item = ''
