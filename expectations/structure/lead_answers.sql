-- Answers of the auditors whose lead cannot be found: they answer nothing.
select
    county_code,
    lead_no,
    disposed_on,
    problem_zh
from int_unread_answers
