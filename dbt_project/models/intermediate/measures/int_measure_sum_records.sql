{{ config(materialized='view') }}
-- Amounts that an indicator adds up, of units that need not be on the roster.
{% set registers = [
    ['M05-03', 'stg_union_purchases', 'paired_village_purchases', 'true'],
    ['M05-04', 'stg_platform_sales', 'sales_amount', "sales_channel = 'platform_832'"],
    ['M05-06', 'stg_consumption_assistance', 'sales_amount', 'true'],
    ['M08-03', 'stg_workshop_tax_relief', 'relief_amount', 'true'],
    ['M13-02', 'stg_volunteer_aid', 'persons_helped', 'true'],
    ['M18-01', 'stg_land_transfers', 'area_mu', 'coalesce(ends_on >= quarter, true)'],
    ['M18-03', 'stg_idle_land', 'area_mu', 'is_in_use'],
] -%}
{% for indicator_id, register, amount, condition in registers -%}
select
    '{{ indicator_id }}' as indicator_id,
    quarter,
    county_code,
    {{ amount }} as amount
from {{ ref(register) }}
where {{ condition }}
union all
{% endfor -%}
select
    'M17-02' as indicator_id,
    quarter,
    county_code,
    amount
from {{ ref('stg_village_dividends') }}
where dividend_kind = 'photovoltaic'
