{{ config(materialized='view') }}
select
    submission_id,
    file_name
from {{ ref('stg_submissions') }}
where outcome not in ('duplicate', 'unrecognised')
