-- The books. One text for SQLite and PostgreSQL: moments are ISO 8601 in UTC, which sorts
-- as text; livemode is 0 or 1. A marker between slashes is what only one of them knows.

-- The only table with personal data: one row per gift, as the donor typed it.
create table donor (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    email text not null,
    first_name text not null,
    last_name text not null,
    fiscal_code text,
    anonymous integer not null check (anonymous in (0, 1)),
    created_at text not null
) /*strict*/;

-- What a donor asked for, before any money moved.
create table intent (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    donor text not null references donor (id),
    campaign text not null,
    title text not null,
    recipient text not null,
    frequency text not null check (frequency in ('once', 'month', 'year')),
    amount_cents integer not null check (amount_cents > 0),
    session_id text unique,
    created_at text not null
) /*strict*/;

create table plan (
    subscription_id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    intent text not null references intent (id),
    status text not null,
    cancel_at_end integer not null check (cancel_at_end in (0, 1)),
    frequency text not null check (frequency in ('month', 'year')),
    amount_cents integer not null check (amount_cents > 0),
    observed_at text not null
) /*strict*/;

-- A gift. Its origin is a checkout session (one-off) or an invoice (recurring).
create table donation (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    intent text not null references intent (id),
    origin text not null unique,
    subscription_id text,
    campaign text not null,
    recipient text not null,
    amount_cents integer not null check (amount_cents > 0),
    refunded_cents integer not null default 0 check (refunded_cents >= 0),
    refund_pending integer not null default 0 check (refund_pending in (0, 1)),
    state text not null,
    method text,
    payment_intent text,
    given_at text not null,
    paid_at text,
    observed_at text not null
) /*strict*/;
create index donation_by_intent on donation (intent);
create index donation_by_state on donation (state);

create table booking (
    id text primary key,
    kind text not null check (kind in ('payment', 'refund', 'dispute', 'payout')),
    livemode integer not null check (livemode in (0, 1)),
    donation text references donation (id),
    campaign text,
    booked_at text not null
) /*strict*/;
create index booking_by_donation on booking (donation);

create table posting (
    booking text not null references booking (id),
    account text not null,
    amount_cents integer not null check (amount_cents <> 0),
    primary key (booking, account)
) /*strict*/;

create table receipt_counter (
    recipient text not null,
    year integer not null,
    livemode integer not null check (livemode in (0, 1)),
    last_number integer not null check (last_number > 0),
    primary key (recipient, year, livemode)
) /*strict*/;

-- A receipt keeps what it said about gift and recipient; the donor stays in the donor table.
create table receipt (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    recipient text not null,
    year integer not null,
    number integer not null check (number > 0),
    donation text not null references donation (id),
    donor text not null references donor (id),
    amount_cents integer not null check (amount_cents > 0),
    wording text not null,
    state text not null check (state in ('issued', 'void')),
    issued_at text not null,
    voided_at text,
    unique (recipient, year, livemode, number)
) /*strict*/;
create unique index one_valid_receipt on receipt (donation) where state = 'issued';

create table inbox (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    type text not null,
    object_kind text not null,
    object_id text not null,
    state text not null check (state in ('waiting', 'done')),
    attempts integer not null default 0,
    due_at text not null,
    received_at text not null,
    error text
) /*strict*/;
create index inbox_waiting on inbox (due_at) where state = 'waiting';

create table outbox (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    kind text not null check (kind in ('paid', 'pending', 'failed', 'refunded')),
    subject text not null,
    donation text not null references donation (id),
    amount_cents integer not null,
    state text not null check (state in ('waiting', 'sent', 'dropped', 'refused')),
    attempts integer not null default 0,
    due_at text not null,
    created_at text not null,
    sent_at text,
    error text,
    unique (kind, subject)
) /*strict*/;
create index outbox_waiting on outbox (due_at) where state = 'waiting';

-- What a person has to look at.
create table task (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    kind text not null,
    subject text not null,
    detail text not null,
    opened_at text not null,
    closed_at text,
    unique (kind, subject)
) /*strict*/;
