-- S9: round figures, multiples of 500 yuan, in the year to date or in what the quarter added,
-- whichever holds more of them. Each village and each collector rounds in a way of its own, which
-- its own history knows. Where nearly all figures are multiples and half of them odd ones, somebody
-- records in a coarser unit: figures that are made up stand beside true ones, or are thousands.
-- There the signal is blind, and says nothing.
{% set items = discretionary_sub_items() -%}
{% set unit, nearly_all, half = 500, 0.95, (0.25, 0.75) -%}
with counted as (
    select
        case when grouping(village_code) = 0 then 'village' else 'collector' end as entity_type,
        coalesce(village_code, county_code || '-' || collector_id) as entity_id,
        county_code,
        quarter,
        {% for span in ['', '_flow'] -%}
        {% for item in items -%}
        count(*) filter (where {{ item ~ span }} >= {{ unit }})
        {{- ' + ' if not loop.last }}
        {% endfor -%}
        as cells{{ span }},
        {% for item in items -%}
        count(*) filter (
            where
                {{ item ~ span }} >= {{ unit }}
                and cast(100 * {{ item ~ span }} as bigint) % {{ 100 * unit }} = 0
        )
        {{- ' + ' if not loop.last }}
        {% endfor -%}
        as round_cells{{ span }},
        {% for item in items -%}
        count(*) filter (
            where
                {{ item ~ span }} >= {{ unit }}
                and cast(100 * {{ item ~ span }} as bigint) % {{ 200 * unit }} = {{ 100 * unit }}
        )
        {{- ' + ' if not loop.last }}
        {% endfor -%}
        as odd_cells{{ span }}{{ ',' if not loop.last }}
        {% endfor %}
    from {{ ref('int_guard_households') }}
    group by grouping sets (
        (village_code, county_code, quarter), (collector_id, county_code, quarter)
    )
),

chosen as (
    select
        *,
        coalesce(round_cells_flow / nullif(cells_flow, 0), 0)
        > round_cells / nullif(cells, 0) as is_flow
    from counted
    where entity_id is not null and cells > 0
),

shares as (
    select
        entity_type,
        entity_id,
        county_code,
        quarter,
        case when is_flow then cells_flow else cells end as cells,
        case when is_flow then round_cells_flow else round_cells end as round_cells,
        case when is_flow then odd_cells_flow else odd_cells end as odd_cells
    from chosen
)

select
    'S9' as signal_id,
    '' as item,
    entity_type,
    entity_id,
    county_code,
    quarter,
    cast(cells as integer) as sample_size,
    cast(null as integer) as successes,
    case
        when
            round_cells >= {{ nearly_all }} * cells
            and odd_cells between {{ half[0] }} * round_cells and {{ half[1] }} * round_cells
            then null
        else {{ stabilised_share('round_cells', 'cells') }}
    end as statistic,
    printf(
        '可变项目%d个数额中%d个是{{ unit }}元的整倍数（%.1f%%）',
        cells,
        round_cells,
        100 * round_cells / cells
    ) as evidence_zh
from shares
