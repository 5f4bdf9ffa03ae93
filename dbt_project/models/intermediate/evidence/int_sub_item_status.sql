with rules as (
    select
        sub_item,
        is_counted,
        rule_version,
        valid_from,
        coalesce(valid_until, cast('9999-01-01' as date)) as valid_until
    from {{ ref('inclusion_rules') }}
    where sub_item is not null
)

select
    quarters.quarter,
    sub_items.sub_item,
    sub_items.component,
    sub_items.evidence_class,
    sub_items.source_dataset,
    rules.rule_version,
    coalesce(rules.is_counted, false) as is_counted,
    coalesce(filings.is_filed_income_year_to_date, false) as is_on_record
from {{ ref('int_quarters') }} as quarters
cross join {{ ref('income_sub_items') }} as sub_items
left join rules
    on
        sub_items.sub_item = rules.sub_item
        and rules.valid_from <= quarters.quarter
        and quarters.quarter < rules.valid_until
left join {{ ref('int_dataset_filings') }} as filings
    on
        sub_items.evidence_class = 'recorded'
        and sub_items.source_dataset = filings.dataset
        and quarters.quarter = filings.quarter
