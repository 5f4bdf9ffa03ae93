{{ config(materialized='view') }}
-- Which datasets can move a published figure. The claim moves the reported value; records, the
-- rosters that say whose they are, deaths and audits move the other two. Income rests on the
-- household report, the rosters and deaths in every value, goals on all that net income rests on.
{% set checked = ['recomputed', 'verified'] -%}
with claims as (
    select
        indicator_id as subject,
        'reported' as value_kind,
        claim_dataset as dataset
    from {{ ref('indicators') }}
),

records as (
    {% for value in checked -%}
    select
        indicators.indicator_id as subject,
        '{{ value }}' as value_kind,
        datasets.dataset
    from {{ ref('indicators') }} as indicators
    inner join {{ ref('datasets') }} as datasets
        on
            datasets.dataset in (indicators.record_dataset, 'audit_back_checks')
            or (
                indicators.is_on_roster
                and datasets.dataset in ('household_roster', 'person_roster', 'deaths')
            )
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

components as (
    select distinct component from {{ ref('income_sub_items') }}
    union all
    select 'net_income' as component
),

incomes as (
    {% for value in calibrated_values() -%}
    select
        components.component as subject,
        '{{ value }}' as value_kind,
        datasets.dataset
    from components
    cross join {{ ref('datasets') }} as datasets
    where
        datasets.dataset in (
            'household_income_report', 'household_roster', 'person_roster', 'deaths'
        )
    union distinct
    {% endfor -%}
    {% for value in checked -%}
    select
        components.component as subject,
        '{{ value }}' as value_kind,
        sub_items.source_dataset as dataset
    from components
    inner join {{ ref('income_sub_items') }} as sub_items
        on components.component in (sub_items.component, 'net_income')
    where sub_items.source_dataset is not null
    {% if not loop.last -%}
    union distinct
    {% endif -%}
    {% endfor %}
)

{% for figure, rests_on in {
    'measure_completion': ['claims', 'records'],
    'income_total': ['incomes'],
    'income_per_capita': ['incomes'],
}.items() -%}
{% for relation in rests_on -%}
select
    '{{ figure }}' as figure,
    subject,
    value_kind,
    dataset
from {{ relation }}
union all
{% endfor -%}
{% endfor -%}
select
    'goal_attainment' as figure,
    goals.goal_id as subject,
    incomes.value_kind,
    incomes.dataset
from {{ ref('goals') }} as goals
inner join incomes
    on incomes.subject = 'net_income'
