-- What rests on each dataset: the indicators and the sub-items of income that it records.
with uses as (
    select
        record_dataset as dataset,
        indicator_id as figure
    from {{ ref('indicators') }}
    union distinct
    select
        claim_dataset as dataset,
        indicator_id as figure
    from {{ ref('indicators') }}
    union distinct
    select
        source_dataset as dataset,
        sub_item as figure
    from {{ ref('income_sub_items') }}
    where source_dataset is not null
)

select
    dataset,
    string_agg(figure, '|' order by figure) as figures
from uses
group by dataset
