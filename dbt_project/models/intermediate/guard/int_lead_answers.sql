-- Auditors' answers to leads on villages: the lead's number names the village and the quarter.
select
    'village' as entity_type,
    left(lead_no, 12) as entity_id,
    cast(
        right(lead_no, 6)[1:4] || '-' || printf('%02d', 3 * cast(right(lead_no, 1) as integer) - 2)
        || '-01' as date
    ) as quarter,
    disposition,
    amount_struck,
    disposed_on,
    quarter as answered_quarter,
    lead_no,
    explanation
from {{ ref('stg_audit_dispositions') }}
where regexp_full_match(lead_no, '\d{12}-\d{4}Q[1-4]')
