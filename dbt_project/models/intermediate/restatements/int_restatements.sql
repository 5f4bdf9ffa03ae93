-- The restatements of every publication so far and those that this one adds. A publication is named
-- by the fingerprint of its inputs, as its table `about` states it: the name of its content cannot
-- stand in its content. What an earlier one already says of the same step is not said again.
{% set step = [
    'figure', 'subject', 'county_code', 'quarter', 'value_kind', 'from_publication',
    'to_publication',
] -%}
with publications as (
    select
        (
            select value
            from {{ ref('stg_published_about') }}
            where item = 'input_fingerprint'
        ) as from_publication,
        (
            select sha256(coalesce(string_agg(line, chr(10) order by line), ''))
            from (
                select submission_id || ' ' || file_sha256 || ' ' || contract_version as line
                from {{ ref('stg_submissions') }}
                where is_current
            ) as inputs
        ) as to_publication
),

new_submissions as (
    select
        submissions.submission_id,
        submissions.dataset,
        submissions.quarter,
        case when counties.county_code is not null then submissions.sender end as county_code
    from {{ ref('stg_submissions') }} as submissions
    left join {{ ref('counties') }} as counties
        on submissions.sender = counties.county_code
    where
        submissions.is_current
        and submissions.submission_id not in (
            select published.submission_id
            from {{ ref('stg_published_submissions') }} as published
            where published.is_current
        )
),

causes as (
    select
        changes.figure,
        changes.subject,
        changes.county_code,
        changes.quarter,
        changes.value_kind,
        list(submissions.submission_id order by submissions.submission_id) as submission_ids
    from {{ ref('int_figure_changes') }} as changes
    inner join {{ ref('int_figure_datasets') }} as datasets
        on
            changes.figure = datasets.figure
            and changes.subject = datasets.subject
            and changes.value_kind = datasets.value_kind
    inner join new_submissions as submissions
        on
            datasets.dataset = submissions.dataset
            and changes.quarter >= submissions.quarter
            and (
                submissions.county_code is null
                or changes.county_code in (submissions.county_code, '{{ var("region_code") }}')
            )
    group by
        changes.figure, changes.subject, changes.county_code, changes.quarter, changes.value_kind
),

added as (
    select
        changes.figure,
        changes.subject,
        changes.county_code,
        changes.quarter,
        changes.value_kind,
        publications.from_publication,
        publications.to_publication,
        changes.change_kind,
        changes.unit_zh,
        changes.old_value,
        changes.new_value,
        changes.difference,
        coalesce(len(causes.submission_ids), 0) as causing_submission_count,
        array_to_string(causes.submission_ids[1:20], '|') as causing_submissions
    from {{ ref('int_figure_changes') }} as changes
    cross join publications
    left join causes
        on
            changes.figure = causes.figure
            and changes.subject = causes.subject
            and changes.county_code = causes.county_code
            and changes.quarter = causes.quarter
            and changes.value_kind = causes.value_kind
)

select
    figure,
    subject,
    county_code,
    quarter,
    value_kind,
    from_publication,
    to_publication,
    change_kind,
    unit_zh,
    old_value,
    new_value,
    difference,
    causing_submission_count,
    causing_submissions
from {{ ref('stg_published_restatements') }}
union all
select
    added.figure,
    added.subject,
    added.county_code,
    added.quarter,
    added.value_kind,
    added.from_publication,
    added.to_publication,
    added.change_kind,
    added.unit_zh,
    added.old_value,
    added.new_value,
    added.difference,
    added.causing_submission_count,
    added.causing_submissions
from added
anti join {{ ref('stg_published_restatements') }} as earlier
    on
        {% for column in step -%}
        added.{{ column }} = earlier.{{ column }}{{ ' and' if not loop.last }}
        {% endfor %}
