-- The models that every other suite reads, with their row counts; a missing one counts as empty.
select
    wanted.model,
    coalesce(models.row_count, 0) as row_count
from (
    values
    ('int_expected_submissions'), ('int_household_income'),
    ('int_county_income'), ('int_county_components')
) as wanted (model)
left join pipeline_models as models
    on wanted.model = models.model
