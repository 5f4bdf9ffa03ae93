-- Per county and quarter: the share of discretionary amounts that known rules cover, and rules that
-- name no document.
select
    coverage.county_code,
    counties.county_name,
    coverage.quarter,
    coverage.share_covered,
    coverage.rules_without_document
from int_rule_coverage as coverage
inner join counties
    on coverage.county_code = counties.county_code
