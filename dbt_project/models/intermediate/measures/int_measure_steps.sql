-- What leads from the records to the recomputed and the verified figure, as signed steps that hold
-- from one quarter until another within a window. Every record is listed once by who filed it; a
-- step of stage `recomputed` takes away what cannot count or moves it to the county of the roster,
-- a step of stage `verified` takes away what is struck. A person or household counts once in a
-- window, from its first record that can count; verified, from its first record that is not struck.
{% set forever = "cast('9999-01-01' as date)" -%}
with entities as (
    select * from {{ ref('int_measure_listings') }}
    where aggregation in ('count', 'distinct_persons', 'distinct_households')
),

listed as (
    select
        indicator_id,
        window_start,
        entity_key,
        listed_in,
        min(quarter) as listed_from
    from entities
    group by indicator_id, window_start, entity_key, listed_in
),

counted as (
    select
        indicator_id,
        window_start,
        entity_key,
        min_by(listed_in, quarter || listed_in) as first_listed_in,
        min(refusal) as refusal,
        -- Where it was first: what is filed later moves no figure of an earlier quarter.
        min_by(county_code, quarter || county_code) filter (where refusal is null) as counted_in,
        coalesce(min(quarter) filter (where refusal is null), {{ forever }}) as counted_from,
        min(strike) filter (where refusal is null) as strike,
        coalesce(min(quarter) filter (where refusal is null and strike is null), {{ forever }})
            as verified_from
    from entities
    group by indicator_id, window_start, entity_key
),

own_listing as (
    select
        counted.*,
        coalesce(listed.listed_from, {{ forever }}) as listed_at_home_from
    from counted
    left join listed
        on
            counted.indicator_id = listed.indicator_id
            and counted.window_start = listed.window_start
            and counted.entity_key = listed.entity_key
            and counted.counted_in = listed.listed_in
),

listings as (
    select
        listed.*,
        own_listing.refusal,
        own_listing.counted_in,
        own_listing.counted_from,
        own_listing.first_listed_in = listed.listed_in as is_first_listing,
        greatest(listed.listed_from, own_listing.counted_from) as moved_from,
        greatest(
            listed.listed_from, own_listing.counted_from, own_listing.listed_at_home_from
        ) as doubled_from
    from listed
    inner join own_listing
        on
            listed.indicator_id = own_listing.indicator_id
            and listed.window_start = own_listing.window_start
            and listed.entity_key = own_listing.entity_key
),

entity_steps as (
    select
        indicator_id,
        window_start,
        listed_in as county_code,
        'listed' as step,
        'listed' as stage,
        listed_from as holds_from,
        {{ forever }} as holds_until,
        1 as amount
    from listings
    union all
    select
        indicator_id,
        window_start,
        listed_in as county_code,
        refusal as step,
        'recomputed' as stage,
        listed_from as holds_from,
        counted_from as holds_until,
        -1 as amount
    from listings
    where refusal is not null
    union all
    -- Counted in another county: for the first who lists it, the county of the roster gets it.
    select
        indicator_id,
        window_start,
        listed_in as county_code,
        'other_county' as step,
        'recomputed' as stage,
        moved_from as holds_from,
        doubled_from as holds_until,
        -1 as amount
    from listings
    where listed_in <> counted_in and is_first_listing
    union all
    select
        indicator_id,
        window_start,
        counted_in as county_code,
        'other_county' as step,
        'recomputed' as stage,
        counted_from as holds_from,
        listed_at_home_from as holds_until,
        1 as amount
    from own_listing
    union all
    select
        indicator_id,
        window_start,
        listed_in as county_code,
        'duplicate' as step,
        'recomputed' as stage,
        case when is_first_listing then doubled_from else moved_from end as holds_from,
        {{ forever }} as holds_until,
        -1 as amount
    from listings
    where listed_in <> counted_in
    union all
    select
        indicator_id,
        window_start,
        counted_in as county_code,
        strike as step,
        'verified' as stage,
        counted_from as holds_from,
        verified_from as holds_until,
        -1 as amount
    from own_listing
    where strike is not null
),

-- Payments and amounts add up: each record is a step of its own.
additive as (
    select * from {{ ref('int_measure_listings') }}
    where aggregation in ('person_times', 'sum')
),

additive_steps as (
    {% for step in [
        ["'listed'", "'listed'", 'listed_in', '', 'true'],
        ['refusal', "'recomputed'", 'listed_in', '-', 'refusal is not null'],
        ["'other_county'", "'recomputed'", 'listed_in', '-',
            'refusal is null and listed_in <> county_code'],
        ["'other_county'", "'recomputed'", 'county_code', '',
            'refusal is null and listed_in <> county_code'],
        ['strike', "'verified'", 'county_code', '-', 'refusal is null and strike is not null'],
    ] -%}
    select
        indicator_id,
        window_start,
        {{ step[2] }} as county_code,
        {{ step[0] }} as step,
        {{ step[1] }} as stage,
        quarter as holds_from,
        {{ forever }} as holds_until,
        cast({{ step[3] }}amount as decimal(18, 2)) as amount
    from additive
    where {{ step[4] }}
    {% if not loop.last -%}
    union all
    {% endif -%}
    {% endfor %}
    union all
    select
        amounts.indicator_id,
        windows.window_start,
        amounts.county_code,
        amounts.step,
        amounts.stage,
        amounts.quarter as holds_from,
        {{ forever }} as holds_until,
        amounts.amount
    from {{ ref('int_measure_amounts') }} as amounts
    inner join {{ ref('int_measure_windows') }} as windows
        on
            amounts.indicator_id = windows.indicator_id
            and amounts.quarter = windows.quarter
),

steps as (
    select * from entity_steps
    union all
    select * from additive_steps
)

select
    indicator_id,
    window_start,
    county_code,
    step,
    stage,
    holds_from,
    holds_until,
    cast(sum(amount) as decimal(18, 2)) as amount
from steps
where holds_from < holds_until
group by indicator_id, window_start, county_code, step, stage, holds_from, holds_until
