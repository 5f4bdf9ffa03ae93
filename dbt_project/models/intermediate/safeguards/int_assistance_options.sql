{{ config(materialized='view') }}
-- The 13 rules of seeds/assistance_actions: whom an action fits, and which register beside the
-- ledger shows that a household has it. What rests on a register that is not filed is unknown; a
-- monitoring line that is not filed adds nobody.
{% set rules = {
    'specialty_award': {
        'fits': 'able_members > 0 and (land_mu > 0 or herd_heads > 0)',
        'facts': {'able_members': '劳动力人数', 'land_mu': '耕地亩数', 'herd_heads': '牲畜头只数'},
        'covers': {'one_card_payments': 'industry_awards > 0'},
    },
    'courtyard': {
        'fits': 'able_members > 0',
        'facts': {'able_members': '劳动力人数'},
        'covers': {'courtyard_economy': 'courtyards > 0'},
    },
    'consumption': {
        'fits': 'land_mu > 0 or herd_heads > 0 or courtyards > 0',
        'facts': {'land_mu': '耕地亩数', 'herd_heads': '牲畜头只数', 'courtyards': '庭院经济项数'},
        'covers': {},
    },
    'trusteeship': {
        'fits': 'land_mu > 0 and able_members = 0',
        'facts': {'land_mu': '耕地亩数', 'able_members': '劳动力人数'},
        'covers': {},
    },
    'employment': {
        'fits': 'able_without_work > 0',
        'facts': {'able_without_work': '未务工劳动力人数'},
        'covers': {'employment_services': 'served_members > 0'},
    },
    'public_post': {
        'fits': 'weak_without_work > 0',
        'facts': {'weak_without_work': '未务工弱劳动力人数'},
        'covers': {'public_welfare_payroll': 'post_members > 0'},
    },
    'workshop': {
        'fits': 'members_at_home > 0 and county_workshops > 0',
        'facts': {'members_at_home': '在家劳动力人数', 'county_workshops': '本县车间个数'},
        'covers': {'employment_records': 'workshop_members > 0'},
    },
    'graduate': {
        'fits': 'idle_graduates > 0',
        'facts': {'idle_graduates': '当年未就业毕业生人数'},
        'covers': {},
    },
    'dibao': {
        'fits': 'coalesce(is_below_line, false) or severe_members > 0 or ill_members > 0',
        'facts': {'severe_members': '重度残疾人数', 'ill_members': '大病人数'},
        'covers': {'dibao_payments': 'relief_payments > 0'},
    },
    'disability': {
        'fits': 'disabled_members > 0',
        'facts': {'disabled_members': '持证残疾人数'},
        'covers': {
            'disability_subsidies': 'subsidised_members > 0',
            'disability_register': 'helped_members > 0',
        },
    },
    'insurance': {
        'fits': 'land_mu > 0 or herd_heads > 0',
        'facts': {'land_mu': '耕地亩数', 'herd_heads': '牲畜头只数'},
        'covers': {'insurance_policies': 'farm_policies > 0'},
    },
    'medical': {
        'fits': 'self_paid_medical >= medical_threshold',
        'facts': {'self_paid_medical': '本年医疗自付元数', 'medical_threshold': '预警线元数'},
        'covers': {'medical_expenses': 'assisted_members > 0'},
    },
    'linkage': {
        'fits': 'able_members > 0',
        'facts': {'able_members': '劳动力人数', 'projects': '带动项目个数'},
        'covers': {'industry_project_households': 'projects > 0'},
    },
} -%}
with long as (
    {% for action, rule in rules.items() -%}
    select
        household_key,
        quarter,
        county_code,
        village_code,
        is_low_income,
        is_income_decline,
        per_capita_net_income,
        is_ledger_filed,
        '{{ action }}' as action_code,
        {{ rule.fits }} as is_eligible,
        {% for fact, title in rule.facts.items() -%}
        '{{ '' if loop.first else '，' }}{{ title }}'
        || coalesce(cast({{ fact }} as varchar), '未报'){{ '\n        || ' if not loop.last }}
        {%- endfor %} as facts_zh,
        {% if rule.covers -%}
        {{ rule.covers.values() | join(' or ') }} as is_on_register,
        case
            {% for dataset, condition in rule.covers.items() -%}
            when {{ condition }} then '{{ dataset }}'
            {% endfor -%}
        end as register
        {%- else -%}
        false as is_on_register,
        null as register
        {%- endif %}
    from {{ ref('int_assistance_facts') }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
),

ledger as (
    select distinct
        long.household_key,
        long.action_code
    from long
    inner join {{ ref('stg_low_income_actions') }} as actions
        on
            long.household_key = actions.household_key
            and long.action_code = actions.action_code
            and long.quarter >= actions.quarter
            and long.quarter < actions.quarter + interval 1 year
)

select
    long.household_key,
    long.quarter,
    long.county_code,
    long.village_code,
    long.is_low_income,
    long.is_income_decline,
    long.per_capita_net_income,
    long.action_code,
    long.is_eligible,
    long.facts_zh,
    case
        when ledger.action_code is not null then true
        when long.is_ledger_filed then long.is_on_register
        when long.is_on_register then true
    end as is_covered,
    case when ledger.action_code is not null then 'low_income_actions' else long.register end
        as covered_by
from long
left join ledger
    on
        long.household_key = ledger.household_key
        and long.action_code = ledger.action_code
