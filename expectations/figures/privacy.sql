-- Every column of every mart: its name, and how many of its values look like an identity number.
select
    model,
    column_name,
    identity_like_values
from pipeline_mart_columns
