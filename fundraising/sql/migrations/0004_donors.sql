-- What a donor may add to a gift, and how a donor comes back to it.

-- Still the only table with personal data, those of the person a gift is dedicated to included.
alter table donor add column kind text not null default 'person'
    check (kind in ('person', 'company'));
alter table donor add column company_name text;
alter table donor add column vat_number text;
alter table donor add column dedication text check (dedication in ('memory', 'gift'));
alter table donor add column dedication_name text;
alter table donor add column card_email text;
alter table donor add column card_text text;

-- The part of the amount that is meant for Stripe's fee, and the plan this gift takes the place of.
alter table intent add column cover_cents integer not null default 0 check (cover_cents >= 0);
alter table intent add column replaces text;

alter table plan add column customer_id text;
alter table plan add column payment_method text;
alter table plan add column end_reason text;

-- Every answer about a consent, the latest one counts: what was asked (by the version of the
-- form's text), what was answered, when and where.
create table consent (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    donor text not null references donor (id),
    purpose text not null check (purpose in ('project_news', 'newsletter')),
    granted integer not null check (granted in (0, 1)),
    wording text not null,
    place text not null check (place in ('form', 'area')),
    answered_at text not null
) /*strict*/;
create index consent_by_donor on consent (donor);

-- Ways in, known by the hash of what is in the address or in the cookie.
create table access (
    hash text primary key,
    livemode integer not null check (livemode in (0, 1)),
    purpose text not null check (purpose in ('sign_in', 'session', 'plan')),
    donor text not null references donor (id),
    plan text references plan (subscription_id),
    expires_at text
) /*strict*/;
create index access_by_donor on access (donor);

-- What is to be done at Stripe after the books have said so.
create table errand (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    kind text not null check (kind in ('end_plan', 'mend_plan')),
    subject text not null,
    detail text not null,
    state text not null check (state in ('waiting', 'done', 'refused')),
    attempts integer not null default 0,
    due_at text not null,
    created_at text not null,
    error text,
    unique (kind, subject, detail)
) /*strict*/;
create index errand_waiting on errand (due_at) where state = 'waiting';

-- Letters are about a gift, a plan or a donor; which kinds there are is the letters' business.
create table letter (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    kind text not null,
    subject text not null,
    donation text references donation (id),
    donor text references donor (id),
    amount_cents integer not null,
    state text not null check (state in ('waiting', 'sent', 'dropped', 'refused')),
    attempts integer not null default 0,
    due_at text not null,
    created_at text not null,
    sent_at text,
    error text,
    check (donation is not null or donor is not null),
    unique (kind, subject)
) /*strict*/;
insert into letter
    (id, livemode, kind, subject, donation, amount_cents, state, attempts, due_at, created_at,
     sent_at, error)
select id, livemode, kind, subject, donation, amount_cents, state, attempts, due_at, created_at,
       sent_at, error
from outbox;
drop table outbox;
alter table letter rename to outbox;
create index outbox_waiting on outbox (due_at) where state = 'waiting';
