-- Which items of which villages a registered rule moves, by quarter. The newest entry of a rule
-- counts; one without a document does not, nor does one for a quarter that was over for more than
-- three months when the county first registered it: what is found later, auditors answer.
--
-- A rate or a dividend that a document sets is the same for everybody, so the item says nothing
-- while either side of a comparison lies under it. An award, a price or a flat raise moves the
-- comparison only: the item says nothing while one side lies under it and the other does not, or
-- not as long. Figures to date compare income years so far, hence from the rule's first quarter to
-- the end of the next income year; what a quarter added compares two quarters, hence four. Pay once
-- awarded stays, so that the end of an award changes nothing.
{% set open_end = "cast('9999-12-31' as date)" -%}
{% set rates = "('benefit_rate', 'dividend_decision')" -%}
{% set comparisons = [
    ('is_to_date', 'income_year_start', 'base_year_start'),
    ('is_flow', 'quarter', 'quarter_one_year_before'),
] -%}
with registered as (
    select
        county_code,
        rule_no,
        rule_kind,
        village_code,
        sub_item,
        document_no,
        valid_from,
        case
            when rule_kind = 'wage_award' then {{ open_end }} else
                coalesce(valid_until, {{ open_end }})
        end
            as valid_until,
        min(quarter) over (partition by county_code, rule_no) as first_registered
    from {{ ref('stg_known_rules') }}
    where trim(document_no) <> ''
    qualify row_number() over (
        partition by county_code, rule_no
        order by quarter desc
    ) = 1
),

compared as (
    select
        quarter,
        quarter_end,
        income_year_start,
        quarter_one_year_before,
        cast(income_year_start - interval 1 year as date) as base_year_start,
        cast(quarter_end - interval 1 year as date) as base_end
    from {{ ref('int_quarters') }}
),

covered as (
    select
        registered.county_code,
        registered.rule_no,
        registered.village_code,
        registered.sub_item,
        registered.document_no,
        compared.quarter,
        {% for name, start, base_start in comparisons -%}
        (
            (
                registered.valid_from <= compared.quarter_end
                and compared.{{ start }} <= registered.valid_until
            )
            or (
                registered.valid_from <= compared.base_end
                and compared.{{ base_start }} <= registered.valid_until
            )
        )
        and (
            registered.rule_kind in {{ rates }}
            or compared.{{ base_start }} < registered.valid_from
            or registered.valid_until < compared.quarter_end
        ) as {{ name }}{{ ',' if not loop.last }}
        {% endfor %}
    from registered
    inner join compared
        on registered.first_registered <= compared.quarter + interval 3 month
)

select
    villages.county_code,
    villages.village_code,
    covered.sub_item,
    covered.quarter,
    bool_or(covered.is_flow) as covers_flow,
    string_agg(distinct covered.document_no, '；' order by covered.document_no) as documents
from covered
inner join {{ ref('villages') }} as villages
    on
        covered.county_code = villages.county_code
        and (covered.village_code is null or covered.village_code = villages.village_code)
where covered.is_to_date or covered.is_flow
group by villages.county_code, villages.village_code, covered.sub_item, covered.quarter
