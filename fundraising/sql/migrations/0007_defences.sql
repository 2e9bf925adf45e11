-- How often payment pages were asked for, by the hour. Subjects are hashes with the salt of the
-- day; a day's salt is deleted with the day, and then nobody can tell whose hash it was.
create table attempt (
    hour text not null,
    livemode integer not null check (livemode in (0, 1)),
    kind text not null,
    subject text not null,
    times integer not null check (times > 0),
    primary key (hour, livemode, kind, subject)
) /*strict*/;

create table attempt_salt (
    day text primary key,
    salt text not null
) /*strict*/;

-- Which forms have already led to a payment page, so that a double click leads to the same one.
create table checkout_start (
    intent text primary key,
    started_at text not null,
    expires_at text
) /*strict*/;

create index inbox_failed_payment on inbox (received_at)
where type = 'payment_intent.payment_failed';
