{{ config(materialized='view') }}
-- Answers that name no lead that can be found: they answer nothing until they are sent again.
select
    county_code,
    lead_no,
    disposition,
    disposed_on,
    problem_zh,
    submission_id,
    source_row
from {{ ref('int_read_answers') }}
where problem_zh is not null
