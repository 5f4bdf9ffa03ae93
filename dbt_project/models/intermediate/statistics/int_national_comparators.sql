{{ config(materialized='view') }}
-- The newest filed figure of the nation for each comparator and income year.
select
    comparator_id,
    income_year,
    value,
    source_citation
from {{ ref('stg_national_comparators') }}
qualify row_number() over (
    partition by comparator_id, income_year
    order by quarter desc
) = 1
