-- name: receive_notification^
-- Returns a row only the first time this notification is seen.
insert into inbox
    (id, livemode, type, object_kind, object_id, state, due_at, received_at)
values
    (:id, :livemode, :type, :object_kind, :object_id, 'waiting', :received_at, :received_at)
on conflict (id) do nothing
returning id;

-- name: claim_notification^
-- Whoever claims a row has it until the lease ends; a crash gives it back by itself.
update inbox set due_at = :lease_until, attempts = attempts + 1
where id = (
    select id from inbox
    where state = 'waiting' and due_at <= :now and livemode = :livemode
    order by due_at, received_at, id
    limit 1 /*for update skip locked*/
)
returning *;

-- name: settle_notification!
update inbox set state = 'done', error = null where id = :id;

-- name: settle_notifications!
-- One look at an object answers every notification about it that came before the look.
-- A row that another worker has in hand is left to that worker: nobody waits for anybody.
update inbox set state = 'done', error = null
where id in (
    select id from inbox
    where object_id = :object_id and livemode = :livemode and state = 'waiting'
      and received_at <= :observed_at
    /*for update skip locked*/
);

-- name: postpone_notification!
update inbox set due_at = :due_at, error = :error where id = :id and state = 'waiting';

-- name: find_notification^
select * from inbox where id = :id;

-- name: count_notifications^
select count(*) as rows, coalesce(sum(case when state = 'waiting' then 1 else 0 end), 0) as waiting
from inbox;

-- name: stuck_notifications
select id, type, object_id, attempts, error from inbox
where state = 'waiting' and livemode = :livemode
  and (attempts >= :attempts or received_at < :before)
order by received_at;

-- name: enqueue_letter!
insert into outbox
    (id, livemode, kind, subject, donation, amount_cents, state, due_at, created_at)
values
    (:id, :livemode, :kind, :subject, :donation, :amount_cents, 'waiting', :now, :now)
on conflict (kind, subject) do nothing;

-- name: find_letter^
select * from outbox where kind = :kind and subject = :subject;

-- name: claim_letter^
update outbox set due_at = :lease_until, attempts = attempts + 1
where id = (
    select id from outbox
    where state = 'waiting' and due_at <= :now and livemode = :livemode
    order by due_at, created_at, id
    limit 1 /*for update skip locked*/
)
returning *;

-- name: settle_letter!
update outbox set state = :state, sent_at = :sent_at, error = :error where id = :id;

-- name: drop_refused_letter!
update outbox set state = 'dropped' where id = :id and state = 'refused';

-- name: postpone_letter!
update outbox set due_at = :due_at, error = :error where id = :id and state = 'waiting';

-- name: all_letters
select * from outbox order by created_at, kind, subject;

-- name: stuck_letters
select id, kind, donation, attempts, state, error from outbox
where livemode = :livemode
  and (state = 'refused'
       or (state = 'waiting' and (attempts >= :attempts or created_at < :before)))
order by created_at;

-- name: open_task!
insert into task (id, livemode, kind, subject, detail, opened_at)
values (:id, :livemode, :kind, :subject, :detail, :opened_at)
on conflict (kind, subject) do update
set detail = excluded.detail, closed_at = null
where task.closed_at is not null or task.detail <> excluded.detail;

-- name: open_task_once!
-- For what happens once: seen again, it leaves alone what a person has settled.
insert into task (id, livemode, kind, subject, detail, opened_at)
values (:id, :livemode, :kind, :subject, :detail, :opened_at)
on conflict (kind, subject) do nothing;

-- name: close_task!
update task set closed_at = :closed_at
where kind = :kind and subject = :subject and closed_at is null;

-- name: open_tasks
select * from task where closed_at is null and livemode = :livemode order by opened_at, kind, subject;
