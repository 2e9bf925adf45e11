-- name: meet_reader^
-- The reader with this address, met now or before; the row is ours until the transaction ends.
insert into reader (id, livemode, email, created_at)
values (:id, :livemode, :email, :now)
on conflict (livemode, lower(email)) do update set livemode = excluded.livemode
returning *;

-- name: lock_reader^
update reader set livemode = livemode where id = :id and livemode = :livemode returning *;

-- name: lock_reader_of_email^
update reader set livemode = livemode
where livemode = :livemode and lower(email) = :email
returning *;

-- name: find_reader^
select * from reader where id = :id;

-- name: subscriptions_of_reader
select * from subscription where reader = :reader order by topic;

-- name: subscriptions_of_email
select subscription.* from subscription join reader on reader.id = subscription.reader
where reader.livemode = :livemode and lower(reader.email) = :email
order by subscription.topic;

-- name: save_subscription!
insert into subscription
    (reader, topic, state, asked_at, asked_wording, asked_place, requested_at, wording, place,
     confirmed_at, ended_at, ended_why)
values
    (:reader, :topic, :state, :asked_at, :asked_wording, :asked_place, :requested_at, :wording,
     :place, :confirmed_at, :ended_at, :ended_why)
on conflict (reader, topic) do update
set state = excluded.state, asked_at = excluded.asked_at, asked_wording = excluded.asked_wording,
    asked_place = excluded.asked_place, requested_at = excluded.requested_at,
    wording = excluded.wording, place = excluded.place, confirmed_at = excluded.confirmed_at,
    ended_at = excluded.ended_at, ended_why = excluded.ended_why;

-- name: remove_subscription!
delete from subscription where reader = :reader and topic = :topic;

-- name: enqueue_reader_letter!
insert into outbox
    (id, livemode, kind, subject, reader, amount_cents, state, due_at, created_at)
values
    (:id, :livemode, :kind, :id, :reader, 0, 'waiting', :now, :now);

-- name: drop_letters_of_reader!
update outbox set state = 'dropped', error = null
where reader = :reader and kind = :kind and state = 'waiting';

-- name: add_reader_access!
insert into access (hash, livemode, purpose, reader, expires_at)
values (:hash, :livemode, :purpose, :reader, :expires_at);

-- name: draw_reader_key^
-- The key drawn first is the one that counts.
insert into reader_key (livemode, key) values (:livemode, :key)
on conflict (livemode) do update set livemode = excluded.livemode
returning key;

-- name: add_bounce!
insert into bounce (reader, kind, happened_on) values (:reader, :kind, :happened_on)
on conflict (reader, kind, happened_on) do nothing;

-- name: bounces_of_reader
select kind, happened_on from bounce where reader = :reader order by happened_on, kind;

-- name: forget_bounces!
delete from bounce where reader in (select id from reader where livemode = :livemode)
  and happened_on < :before;

-- name: readers_with_old_wishes
select distinct reader.id from reader join subscription on subscription.reader = reader.id
where reader.livemode = :livemode and subscription.asked_at <= :before
order by reader.id;

-- name: remove_old_endings!
-- Proofs of a yes that ended long ago.
delete from subscription
where asked_at is null and ended_at < :before
  and reader in (select id from reader where livemode = :livemode);

-- name: readers_of_nothing
select reader.id from reader
where reader.livemode = :livemode
  and not exists (select 1 from subscription where subscription.reader = reader.id)
order by reader.id;

-- name: forget_access_of_reader!
delete from access where reader = :reader;

-- name: forget_letters_of_reader!
delete from outbox where reader = :reader;

-- name: forget_bounces_of_reader!
delete from bounce where reader = :reader;

-- name: forget_deliveries_of_reader!
-- That a letter went out stays counted; to whom does not.
update delivery
set reader = null, state = case when state = 'waiting' then 'skipped' else state end
where reader = :reader;

-- name: forget_subscriptions_of_reader!
delete from subscription where reader = :reader;

-- name: forget_reader!
delete from reader where id = :reader;

-- name: letters_of_reader
select kind, state, created_at, sent_at from outbox where reader = :reader
order by created_at, kind;

-- name: issues_of_reader
select sending.topic, sending.number, delivery.state, delivery.settled_at as sent_at
from delivery join sending on sending.id = delivery.sending
where delivery.reader = :reader
order by sending.started_at;

-- name: follow_newsletter_consent^
-- Returns the words somebody agreed to at the form of a gift, the first time it is asked.
-- A debit may take days to settle; a no that the same address has said since then wins.
update consent set followed_at = :now
where donor = :donor and purpose = 'newsletter' and granted = 1 and place = 'form'
  and followed_at is null
  and not exists (
    select 1 from donor as giver
    join donor as same on same.livemode = giver.livemode and lower(same.email) = lower(giver.email)
    join consent as later on later.donor = same.id
    where giver.id = consent.donor and later.purpose = 'newsletter' and later.granted = 0
      and later.answered_at > consent.answered_at)
  and not exists (
    select 1 from donor as giver
    join reader on reader.livemode = giver.livemode and lower(reader.email) = lower(giver.email)
    join subscription on subscription.reader = reader.id
    where giver.id = consent.donor and subscription.topic = 'newsletter'
      and subscription.ended_why = 'left' and subscription.ended_at > consent.answered_at)
returning wording;

-- name: all_readers
select reader.email, subscription.* from reader
join subscription on subscription.reader = reader.id
where reader.livemode = :livemode
order by lower(reader.email), subscription.topic;

-- name: count_subscriptions
select topic, state, count(*) as people from subscription
join reader on reader.id = subscription.reader
where reader.livemode = :livemode
group by topic, state order by topic, state;
