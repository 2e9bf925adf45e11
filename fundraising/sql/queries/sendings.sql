-- name: start_sending^
-- Returns a row only to whoever starts it; a second one waits for the first.
insert into sending (id, livemode, topic, number, digest, document, started_at)
values (:id, :livemode, :topic, :number, :digest, :document, :now)
on conflict (livemode, topic, number) do nothing
returning *;

-- name: find_sending^
select * from sending where livemode = :livemode and topic = :topic and number = :number;

-- name: readers_of_topic
select reader.id, reader.email from reader
join subscription on subscription.reader = reader.id
where reader.livemode = :livemode and subscription.topic = :topic
  and subscription.state = 'active'
order by reader.id;

-- name: count_readers_of_topic^
select count(*) as people from reader
join subscription on subscription.reader = reader.id
where reader.livemode = :livemode and subscription.topic = :topic
  and subscription.state = 'active';

-- name: add_delivery!
insert into delivery (id, sending, reader, state, due_at)
values (:id, :sending, :reader, 'waiting', :now);

-- name: claim_delivery^
-- Whoever claims a row has it until the lease ends; a crash gives it back by itself.
update delivery set due_at = :lease_until, attempts = attempts + 1
where id = (
    select id from delivery
    where sending = :sending and state = 'waiting' and due_at <= :now
    order by due_at, id
    limit 1 /*for update skip locked*/
)
returning *;

-- name: find_active_reader^
select reader.id, reader.email from reader
join subscription on subscription.reader = reader.id
where reader.id = :reader and subscription.topic = :topic and subscription.state = 'active';

-- name: settle_delivery!
update delivery set state = :state, settled_at = :now, error = :error
where id = :id and state = 'waiting';

-- name: postpone_delivery!
update delivery set due_at = :due_at, error = :error where id = :id and state = 'waiting';

-- name: next_delivery^
select min(due_at) as due_at from delivery where sending = :sending and state = 'waiting';

-- name: finish_sending!
update sending set finished_at = :now
where id = :id and finished_at is null
  and not exists (select 1 from delivery where sending = :id and state = 'waiting');

-- name: deliveries_by_state
select state, count(*) as people from delivery where sending = :sending
group by state order by state;

-- name: refused_deliveries
select delivery.*, reader.email from delivery
left join reader on reader.id = delivery.reader
where delivery.sending = :sending and delivery.state = 'refused'
order by delivery.settled_at, delivery.id;

-- name: all_sendings
select * from sending where livemode = :livemode order by started_at, number;

-- name: all_deliveries
select * from delivery order by sending, id;

-- name: unfinished_sendings
select sending.*, count(delivery.id) as people, max(delivery.attempts) as attempts
from sending join delivery on delivery.sending = sending.id and delivery.state = 'waiting'
where sending.livemode = :livemode and sending.started_at < :before
group by sending.id, sending.livemode, sending.topic, sending.number, sending.digest,
         sending.document, sending.started_at, sending.finished_at
order by sending.started_at;

-- name: last_delivery_of^
select max(settled_at) as moment from delivery where sending = :sending;

-- name: forget_old_deliveries!
-- Who got which issue is of no use any more; how many did stays.
update delivery set reader = null
where reader is not null and state <> 'waiting'
  and sending in (select id from sending where livemode = :livemode and finished_at < :before);
