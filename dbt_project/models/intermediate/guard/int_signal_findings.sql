-- Exact evidence on households and persons.
select
    cast(null as varchar) as finding_kind,
    cast(null as varchar) as signal_id,
    cast(null as varchar) as household_key,
    cast(null as varchar) as person_key,
    cast(null as varchar) as county_code,
    cast(null as varchar) as village_code,
    cast(null as date) as quarter,
    cast(null as varchar) as item,
    cast(null as decimal(18, 2)) as amount_claimed,
    cast(null as decimal(18, 2)) as amount_supported,
    cast(null as decimal(18, 2)) as amount,
    cast(null as boolean) as is_exact,
    cast(null as varchar) as evidence_zh,
    cast(null as varchar) as submission_id,
    cast(null as varchar) as source_sheet,
    cast(null as integer) as source_row,
    cast(null as varchar) as record_submission_id,
    cast(null as varchar) as record_sheet,
    cast(null as integer) as record_row
where false
