-- What the treasurer's commands need: how far the daily look at Stripe came, promised bank
-- transfers and the lines of bank statements, refunds ordered here, and people erased.

create table watermark (
    name text not null,
    livemode integer not null check (livemode in (0, 1)),
    moment text not null,
    primary key (name, livemode)
) /*strict*/;

create table promise_counter (
    livemode integer primary key check (livemode in (0, 1)),
    last_number integer not null check (last_number > 0)
) /*strict*/;

-- A bank transfer that a donor has promised. Its donation is announced until the bank has it;
-- the number is what the reason code carries.
create table promise (
    number integer not null check (number > 0),
    livemode integer not null check (livemode in (0, 1)),
    donation text not null unique references donation (id),
    promised_at text not null,
    primary key (number, livemode)
) /*strict*/;

-- A credit on the bank account, known by a digest. Its text may name a person: it stays only
-- until somebody has decided what the credit is.
create table bank_line (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    booked_on text not null,
    amount_cents integer not null check (amount_cents > 0),
    state text not null check (state in ('review', 'matched', 'payout', 'ignored')),
    donation text references donation (id),
    doubt text,
    words text,
    imported_at text not null
) /*strict*/;
create index bank_line_in_review on bank_line (booked_on) where state = 'review';

-- A refund ordered here. Without refund_id the answer has not come: the same order is repeated
-- under the same key, and Stripe gives the money back once.
create table refund_order (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    donation text not null references donation (id),
    amount_cents integer not null check (amount_cents > 0),
    refund_id text unique,
    ordered_at text not null
) /*strict*/;
create unique index one_open_refund_order on refund_order (donation) where refund_id is null;

alter table donor add column erased_at text;
