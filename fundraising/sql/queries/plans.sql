-- name: fail_unpaid_gifts_of_plan!
-- A plan that has ended collects nothing more, not even what was tried before.
update donation set state = 'failed'
where subscription_id = :subscription_id and state in ('due', 'retrying')
  and observed_at <= :observed_at;

-- name: line_of_plan
-- All that was ever asked for in the place of one plan, as the donor asked for it: back to the gift
-- with which the changes began, and from there every other one, also those that were never paid.
with recursive earlier (intent, replaces) as (
    select intent.id, intent.replaces from plan join intent on intent.id = plan.intent
    where plan.subscription_id = :subscription_id
    union
    select intent.id, intent.replaces from earlier
    join plan on plan.subscription_id = earlier.replaces
    join intent on intent.id = plan.intent
), line (intent) as (
    select intent from earlier where replaces is null
    union
    select later.id from line
    join plan on plan.intent = line.intent
    join intent as later on later.replaces = plan.subscription_id
)
select intent.id as intent, intent.session_id, intent.replaces, intent.created_at,
    plan.subscription_id, plan.status, plan.amount_cents,
    exists (select 1 from donation
            where donation.intent = intent.id and donation.paid_at is not null) as paid,
    exists (select 1 from donation
            where donation.intent = intent.id
              and donation.state in ('processing', 'paid', 'partially_refunded')) as perhaps_paid
from line
join intent on intent.id = line.intent
left join plan on plan.intent = intent.id
order by intent.created_at, intent.id;

-- name: hold_intent!
-- Until the end of the transaction nobody else decides what follows from it.
select id from intent where id = :id /*for update*/;

-- name: replacement_of_plan^
-- The gift that took the place of a plan, if its first payment arrived.
select donation.id from intent join donation on donation.intent = intent.id
where intent.replaces = :subscription_id and donation.paid_at is not null
order by donation.paid_at
limit 1;

-- name: find_intent_of_plan^
select intent.* from intent join plan on plan.intent = intent.id
where plan.subscription_id = :subscription_id;

-- name: enqueue_donor_letter!
-- About a plan or a donor and not about one gift.
insert into outbox
    (id, livemode, kind, subject, donor, amount_cents, state, due_at, created_at)
values
    (:id, :livemode, :kind, :subject, :donor, :amount_cents, 'waiting', :now, :now)
on conflict (kind, subject) do nothing;

-- name: enqueue_errand!
-- Asked again, what Stripe refused is tried again; what waits or is done stays as it is.
insert into errand
    (id, livemode, kind, subject, detail, state, due_at, created_at)
values
    (:id, :livemode, :kind, :subject, :detail, 'waiting', :now, :now)
on conflict (kind, subject, detail) do update
set state = 'waiting', attempts = 0, error = null,
    due_at = excluded.due_at, created_at = excluded.created_at
where errand.state = 'refused';

-- name: claim_errand^
update errand set due_at = :lease_until, attempts = attempts + 1
where id = (
    select id from errand
    where state = 'waiting' and due_at <= :now and livemode = :livemode
    order by due_at, created_at, id
    limit 1 /*for update skip locked*/
)
returning *;

-- name: claim_errand_about^
update errand set due_at = :lease_until, attempts = attempts + 1
where id = (
    select id from errand
    where state = 'waiting' and subject = :subject and livemode = :livemode
    order by created_at, id
    limit 1 /*for update skip locked*/
)
returning *;

-- name: settle_errand!
update errand set state = :state, error = :error where id = :id;

-- name: postpone_errand!
update errand set due_at = :due_at, error = :error where id = :id and state = 'waiting';

-- name: all_errands
select * from errand order by created_at, kind, subject, detail;

-- name: open_errand_about^
-- What is still to be done about a plan: what waits, or else what Stripe has refused.
select * from errand where kind = :kind and subject = :subject and state in ('waiting', 'refused')
order by case state when 'waiting' then 0 else 1 end, created_at desc
limit 1;

-- name: find_plan_of_mode^
select * from plan where subscription_id = :subscription_id and livemode = :livemode;

-- name: stuck_errands
select kind, subject, attempts, error from errand
where livemode = :livemode and state = 'waiting'
  and (attempts >= :attempts or created_at < :before)
order by created_at;
