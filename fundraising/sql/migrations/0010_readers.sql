-- Who reads the newsletter. An address is here once; what it reads is a row for each topic.
create table reader (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    email text not null,
    created_at text not null
) /*strict*/;
create unique index reader_by_email on reader (livemode, lower(email));

-- asked_* is the wish nobody has confirmed yet; requested_at, wording, place and confirmed_at
-- are the proof of the last yes; ended_* says why and when letters stopped.
create table subscription (
    reader text not null references reader (id),
    topic text not null,
    state text not null check (state in ('pending', 'active', 'left', 'bounced', 'complained')),
    asked_at text,
    asked_wording text,
    asked_place text,
    requested_at text,
    wording text,
    place text,
    confirmed_at text,
    ended_at text,
    ended_why text,
    primary key (reader, topic)
) /*strict*/;
create index subscription_by_topic on subscription (topic, state);

-- Mail that came back or was called spam, each once a day however often a file is imported.
create table bounce (
    reader text not null references reader (id),
    kind text not null check (kind in ('hard', 'soft', 'complaint')),
    happened_on text not null,
    primary key (reader, kind, happened_on)
) /*strict*/;

-- What signs the links of letters. It lives here because they must work for years, whatever
-- becomes of the keys of a deployment.
create table reader_key (
    livemode integer primary key check (livemode in (0, 1)),
    key text not null
) /*strict*/;

-- An issue on its way to the people who read its topic when it started.
create table sending (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    topic text not null,
    number integer not null check (number > 0),
    digest text not null,
    document text not null,
    started_at text not null,
    finished_at text,
    unique (livemode, topic, number)
) /*strict*/;

create table delivery (
    id text primary key,
    sending text not null references sending (id),
    reader text references reader (id),
    state text not null check (state in ('waiting', 'sent', 'refused', 'skipped')),
    attempts integer not null default 0,
    due_at text not null,
    settled_at text,
    error text,
    unique (sending, reader)
) /*strict*/;
create index delivery_waiting on delivery (sending, due_at, id) where state = 'waiting';
create index delivery_by_reader on delivery (reader);

-- The consent of a gift leads to the newsletter's own door, once.
alter table consent add column followed_at text;

-- Ways in are a donor's or a reader's.
create table access_again (
    hash text primary key,
    livemode integer not null check (livemode in (0, 1)),
    purpose text not null check (purpose in ('sign_in', 'session', 'plan', 'opt_in')),
    donor text references donor (id),
    reader text references reader (id),
    plan text references plan (subscription_id),
    expires_at text,
    check ((donor is null) <> (reader is null))
) /*strict*/;
insert into access_again (hash, livemode, purpose, donor, plan, expires_at)
select hash, livemode, purpose, donor, plan, expires_at from access;
drop table access;
alter table access_again rename to access;
create index access_by_donor on access (donor);
create index access_by_reader on access (reader);

-- Letters are about a gift, a plan, a donor or a reader.
create table outbox_again (
    id text primary key,
    livemode integer not null check (livemode in (0, 1)),
    kind text not null,
    subject text not null,
    donation text references donation (id),
    donor text references donor (id),
    reader text references reader (id),
    amount_cents integer not null,
    state text not null check (state in ('waiting', 'sent', 'dropped', 'refused')),
    attempts integer not null default 0,
    due_at text not null,
    created_at text not null,
    sent_at text,
    error text,
    check (donation is not null or donor is not null or reader is not null),
    unique (kind, subject)
) /*strict*/;
insert into outbox_again
    (id, livemode, kind, subject, donation, donor, amount_cents, state, attempts, due_at,
     created_at, sent_at, error)
select id, livemode, kind, subject, donation, donor, amount_cents, state, attempts, due_at,
       created_at, sent_at, error
from outbox;
drop table outbox;
alter table outbox_again rename to outbox;
create index outbox_waiting on outbox (due_at) where state = 'waiting';
create index outbox_by_reader on outbox (reader) where reader is not null;
