-- Every published mart: rows now over rows published; a mart that is gone counts as zero. The plan
-- of help lists the poor of the newest income year only, and fewer of them are no lost file.
select
    published.model,
    published.row_count as rows_published,
    coalesce(models.row_count, 0) as rows_now,
    round(coalesce(models.row_count, 0) / published.row_count, 4) as rows_now_over_published
from pipeline_published_rows as published
left join pipeline_models as models
    on published.model = models.model
where published.row_count > 0 and published.model not in ('about', 'fct_assistance_plan')
