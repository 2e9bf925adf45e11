-- name: add_donor!
insert into donor (id, livemode, email, first_name, last_name, fiscal_code, anonymous, created_at)
values (:id, :livemode, :email, :first_name, :last_name, :fiscal_code, :anonymous, :created_at);

-- name: find_donor^
select * from donor where id = :id;

-- name: add_intent!
insert into intent
    (id, livemode, donor, campaign, title, recipient, frequency, amount_cents, created_at)
values
    (:id, :livemode, :donor, :campaign, :title, :recipient, :frequency, :amount_cents, :created_at);

-- name: find_intent^
select * from intent where id = :id and livemode = :livemode;

-- name: find_intent_by_session^
select * from intent where session_id = :session_id and livemode = :livemode;

-- name: attach_session!
update intent set session_id = :session_id where id = :id;

-- name: add_donation!
-- A gift is known by its origin: whoever comes second changes nothing.
insert into donation
    (id, livemode, intent, origin, subscription_id, campaign, recipient, amount_cents,
     state, given_at, observed_at)
values
    (:id, :livemode, :intent, :origin, :subscription_id, :campaign, :recipient, :amount_cents,
     :state, :given_at, :observed_at)
on conflict (origin) do nothing;

-- name: lock_donation^
-- Takes the row for the rest of the transaction. Facts older than what we know find nothing.
update donation set observed_at = :observed_at
where origin = :origin and observed_at <= :observed_at
returning *;

-- name: update_donation!
update donation
set state = :state, amount_cents = :amount_cents, refunded_cents = :refunded_cents,
    refund_pending = :refund_pending, method = :method, payment_intent = :payment_intent, given_at = :given_at, paid_at = :paid_at
where id = :id;

-- name: find_donation^
select * from donation where id = :id;

-- name: find_donation_by_origin^
select * from donation where origin = :origin;

-- name: first_donation_of_intent^
-- The one that was paid, or was to be, on the payment page; renewals come after it.
select * from donation where intent = :intent order by given_at, id limit 1;

-- name: equal_gifts
-- Other gifts of the same person, as large, as often and for the same, made between two moments.
-- Each is the first payment of a form of its own: renewals, new amounts and transfers are none.
-- Without the coalesce SQLite would walk all gifts in these states, and not those of one person.
select donation.origin, donation.given_at
from intent as own
join donor as giver on giver.id = own.donor
join donor on lower(donor.email) = lower(giver.email) and donor.livemode = giver.livemode
join intent on intent.donor = donor.id
join donation on donation.intent = intent.id
where own.id = :intent and intent.id <> own.id and giver.email <> ''
  and own.replaces is null and intent.replaces is null
  and intent.campaign = own.campaign and intent.frequency = own.frequency
  and intent.amount_cents = own.amount_cents
  and donation.payment_intent is not null and coalesce(donation.state, '') in ('processing', 'paid')
  and donation.given_at between :since and :until
  and not exists (select 1 from donation as earlier
                  where earlier.intent = intent.id and earlier.given_at < donation.given_at)
order by donation.given_at, donation.origin;

-- name: donations_without_receipt
-- Money is here and nothing is pending, but no valid receipt says so.
select donation.* from donation
left join receipt on receipt.donation = donation.id and receipt.state = 'issued'
where donation.state in ('paid', 'partially_refunded') and receipt.id is null
  and donation.refund_pending = 0 and donation.amount_cents > donation.refunded_cents
  and donation.livemode = :livemode
order by donation.paid_at, donation.id;

-- name: save_plan^
-- Facts older than what we know change nothing.
insert into plan
    (subscription_id, livemode, intent, status, cancel_at_end, frequency, amount_cents,
     customer_id, payment_method, end_reason, observed_at)
values
    (:subscription_id, :livemode, :intent, :status, :cancel_at_end, :frequency, :amount_cents,
     :customer_id, :payment_method, :end_reason, :observed_at)
on conflict (subscription_id) do update
set status = excluded.status, cancel_at_end = excluded.cancel_at_end,
    customer_id = excluded.customer_id, payment_method = excluded.payment_method,
    end_reason = excluded.end_reason,
    frequency = excluded.frequency, amount_cents = excluded.amount_cents,
    observed_at = excluded.observed_at
where plan.observed_at <= excluded.observed_at
returning *;

-- name: find_plan^
select * from plan where subscription_id = :subscription_id;

-- name: find_plan_of_intent^
select * from plan where intent = :intent;
