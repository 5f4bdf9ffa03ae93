-- Flags that auditors have not answered, one row each, the evidence in the column of its signal.
-- Households are among the exact findings, not here.
select
    signals.county_code,
    places.county_name,
    signals.entity_type,
    signals.entity_id,
    signals.quarter,
    case when signals.signal_id = 'S1' then signals.evidence end as s01,
    case when signals.signal_id = 'S2' then signals.evidence end as s02,
    case when signals.signal_id = 'S3' then signals.evidence end as s03,
    case when signals.signal_id = 'S4' then signals.evidence end as s04,
    case when signals.signal_id = 'S5' then signals.evidence end as s05,
    case when signals.signal_id = 'S6' then signals.evidence end as s06,
    case when signals.signal_id = 'S7' then signals.evidence end as s07,
    case when signals.signal_id = 'S8' then signals.evidence end as s08,
    case when signals.signal_id = 'S9' then signals.evidence end as s09,
    case when signals.signal_id = 'S10' then signals.evidence end as s10,
    case when signals.signal_id = 'S11' then signals.evidence end as s11,
    case when signals.signal_id = 'S12' then signals.evidence end as s12,
    case when signals.signal_id = 'S13' then signals.evidence end as s13,
    case when signals.signal_id = 'S14' then signals.evidence end as s14,
    case when signals.signal_id = 'S15' then signals.evidence end as s15,
    case when signals.signal_id = 'S16' then signals.evidence end as s16,
    case when signals.signal_id = 'S17' then signals.evidence end as s17,
    case when signals.signal_id = 'S18' then signals.evidence end as s18,
    case when signals.signal_id = 'S19' then signals.evidence end as s19,
    case when signals.signal_id = 'S20' then signals.evidence end as s20
from fct_integrity_signals as signals
left join dim_county as places
    on signals.county_code = places.county_code
where
    signals.is_flagged
    and signals.entity_type <> 'household'
    and signals.disposition is null
