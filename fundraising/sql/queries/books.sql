-- name: add_booking^
-- Returns a row only to the first who books this balance transaction.
insert into booking (id, kind, livemode, donation, campaign, booked_at)
values (:id, :kind, :livemode, :donation, :campaign, :booked_at)
on conflict (id) do nothing
returning id;

-- name: add_posting!
insert into posting (booking, account, amount_cents) values (:booking, :account, :amount_cents);

-- name: postings_of_booking
select * from posting where booking = :booking order by account;

-- name: all_postings
select booking.id, booking.kind, booking.donation, booking.campaign, booking.livemode,
       posting.account, posting.amount_cents
from booking join posting on posting.booking = booking.id
order by booking.id, posting.account;

-- name: confirmed_by_campaign
-- Every total anywhere comes from here: gifts that count, net of refunds and disputes.
select campaign,
       sum(case when confirmed_cents > 0 then 1 else 0 end) as gifts,
       sum(confirmed_cents) as confirmed_cents
from (
    select booking.campaign, booking.donation, -sum(posting.amount_cents) as confirmed_cents
    from booking join posting on posting.booking = booking.id
    where booking.livemode = :livemode
      and posting.account in ('Income:Donations', 'Income:FeeCover', 'Income:Refunds', 'Income:Disputes')
    group by booking.campaign, booking.donation
) as gift
group by campaign
order by campaign;

-- name: costs_by_campaign
-- What it cost to take the money, by campaign; what Stripe charges for its services is of none.
select booking.campaign, sum(posting.amount_cents) as costs_cents
from booking join posting on posting.booking = booking.id
where booking.livemode = :livemode
  and posting.account in ('Expenses:Fees:Stripe', 'Expenses:Fees:Disputes')
group by booking.campaign
order by booking.campaign;

-- name: pending_by_campaign
-- Started and not settled: a bank debit on its way.
select campaign, sum(amount_cents) as pending_cents
from donation
where state = 'processing' and livemode = :livemode
group by campaign
order by campaign;

-- name: account_balance^
select coalesce(sum(posting.amount_cents), 0) as cents
from booking join posting on posting.booking = booking.id
where booking.livemode = :livemode and posting.account = :account;

-- name: unbalanced_bookings
select booking.id, coalesce(sum(posting.amount_cents), 0) as difference_cents
from booking left join posting on posting.booking = booking.id
group by booking.id
having coalesce(sum(posting.amount_cents), 0) <> 0 or count(posting.account) = 0
order by booking.id;

-- name: postings_in_the_wrong_mode
select booking.id from booking join donation on donation.id = booking.donation
where booking.livemode <> donation.livemode
order by booking.id;

-- name: donations_at_odds_with_the_ledger
-- What the states say a recipient holds, against what the postings say. While a dispute or
-- a refund is on its way the two may differ: the money has left, the outcome is open. What a
-- bank took back for good counts as returned, whole or in part.
select donation.id, donation.state, donation.origin, donation.subscription_id, donation.payment_intent,
       case when donation.state in ('paid', 'partially_refunded', 'refunded')
            then donation.amount_cents - donation.refunded_cents else 0 end as expected_cents,
       coalesce(income.cents, 0) as booked_cents
from donation
left join (
    select booking.donation, -sum(posting.amount_cents) as cents
    from booking join posting on posting.booking = booking.id
    where posting.account in ('Income:Donations', 'Income:FeeCover', 'Income:Refunds', 'Income:Disputes')
    group by booking.donation
) as income on income.donation = donation.id
where donation.livemode = :livemode
  and donation.state <> 'disputed' and donation.refund_pending = 0
  and coalesce(income.cents, 0)
      <> case when donation.state in ('paid', 'partially_refunded', 'refunded')
              then donation.amount_cents - donation.refunded_cents else 0 end
order by donation.id;
