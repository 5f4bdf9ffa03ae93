-- One row per exact finding, with where the claim and the record stand in the files.
select
    findings.finding_kind,
    findings.household_key,
    findings.quarter,
    findings.county_code,
    findings.village_code,
    findings.signal_id,
    kinds.title_zh,
    findings.item,
    findings.amount_claimed,
    findings.amount_supported,
    findings.amount,
    findings.is_exact,
    findings.evidence_zh as evidence,
    kinds.rule_zh,
    kinds.honest_causes_zh as honest_causes,
    claims.file_name as claim_file,
    findings.source_sheet as claim_sheet,
    findings.source_row as claim_row,
    records.file_name as record_file,
    findings.record_sheet,
    findings.record_row
from {{ ref('int_signal_findings') }} as findings
inner join {{ ref('finding_kinds') }} as kinds
    on findings.finding_kind = kinds.finding_kind
left join {{ ref('int_submission_files') }} as claims
    on findings.submission_id = claims.submission_id
left join {{ ref('int_submission_files') }} as records
    on findings.record_submission_id = records.submission_id
