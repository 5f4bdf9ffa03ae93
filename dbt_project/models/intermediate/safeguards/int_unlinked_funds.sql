{{ config(materialized='view') }}
-- What a county's operating projects without a linkage mechanism were allotted in a calendar year,
-- when the year is over and the register is filed; zero where every project has one.
select
    counties.county_code,
    quarters.quarter,
    cast(coalesce(sum(projects.budget), 0) as decimal(18, 2)) as unlinked_funds,
    count(projects.project_no) as unlinked_projects
from {{ ref('counties') }} as counties
cross join {{ ref('int_quarters') }} as quarters
inner join {{ ref('int_dataset_filings') }} as filings
    on
        filings.dataset = 'bridging_projects'
        and filings.is_filed
        and quarters.quarter = filings.quarter
left join {{ ref('stg_bridging_projects') }} as projects
    on
        counties.county_code = projects.county_code
        and quarters.quarter = projects.quarter
        and projects.project_kind = 'operating'
        and not projects.has_linkage
where quarters.calendar_quarter = 4
group by counties.county_code, quarters.quarter
