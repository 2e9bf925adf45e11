-- name: postings_between
select booking.id, booking.kind, booking.booked_at, booking.donation, booking.campaign,
       posting.account, posting.amount_cents, donation.origin, donation.recipient
from booking
join posting on posting.booking = booking.id
left join donation on donation.id = booking.donation
where booking.livemode = :livemode
  and booking.booked_at >= :since and booking.booked_at < :until
-- Stripe's moments are whole seconds: within one, what came in stands before what left.
order by booking.booked_at,
         case booking.kind when 'payment' then 0 when 'payout' then 2 else 1 end,
         booking.id, posting.amount_cents desc, posting.account;

-- name: account_balances_before
select posting.account, sum(posting.amount_cents) as cents
from booking join posting on posting.booking = booking.id
where booking.livemode = :livemode and booking.booked_at < :until
group by posting.account
order by posting.account;

-- name: gifts_given_in
-- Every gift that ever held money, given between two moments, with the donor its receipt
-- names and what the postings say it is worth now.
select donation.*, receipt.number as receipt_number, receipt.year as receipt_year,
       receipt.amount_cents as receipt_cents, intent.frequency, intent.title,
       donor.kind as donor_kind, donor.email, donor.first_name, donor.last_name,
       donor.fiscal_code, donor.company_name, donor.vat_number, donor.opposed_at,
       coalesce(income.cents, 0) as booked_cents
from donation
join intent on intent.id = donation.intent
left join receipt on receipt.donation = donation.id and receipt.state = 'issued'
join donor on donor.id = coalesce(receipt.donor, intent.donor)
left join (
    select booking.donation, -sum(posting.amount_cents) as cents
    from booking join posting on posting.booking = booking.id
    where substr(posting.account, 1, 7) = 'Income:'
    group by booking.donation
) as income on income.donation = donation.id
where donation.livemode = :livemode and donation.paid_at is not null
  and donation.given_at >= :since and donation.given_at < :until
order by donation.recipient, donation.given_at, donation.id;

-- name: moved_later
-- Of gifts given before two moments, what went back to the donor between them, and what came back
-- to us: a dispute won, a refund that failed. Refunds and disputes do not make up for each other.
select donation.id, donation.recipient, donation.given_at, donor.first_name, donor.last_name,
       donor.fiscal_code, donor.company_name,
       sum(case when moved.cents > 0 then moved.cents else 0 end) as given_back_cents,
       sum(case when moved.cents < 0 then -moved.cents else 0 end) as come_back_cents
from (
    select booking.donation, posting.account, sum(posting.amount_cents) as cents
    from booking join posting on posting.booking = booking.id
    where booking.livemode = :livemode
      and booking.booked_at >= :since and booking.booked_at < :until
      and posting.account in ('Income:Refunds', 'Income:Disputes')
    group by booking.donation, posting.account
    having sum(posting.amount_cents) <> 0
) as moved
join donation on donation.id = moved.donation
join intent on intent.id = donation.intent
join donor on donor.id = intent.donor
where donation.given_at < :since
group by donation.id, donation.recipient, donation.given_at, donor.first_name, donor.last_name,
         donor.fiscal_code, donor.company_name
order by donation.recipient, donation.given_at, donation.id;

-- name: campaign_accounts
select posting.account, sum(posting.amount_cents) as cents,
       count(distinct booking.donation) as gifts
from booking join posting on posting.booking = booking.id
where booking.livemode = :livemode and booking.campaign = :campaign
  and booking.booked_at >= :since and booking.booked_at < :until
  and substr(posting.account, 1, 7) <> 'Assets:'
group by posting.account
order by posting.account;

-- name: campaigns_in_books
select distinct campaign from donation where livemode = :livemode order by campaign;

-- name: income_of_gifts
-- Each movement of income, to be summed up by month: only sums leave this machine.
select booking.campaign, booking.donation, booking.booked_at, booking.kind,
       -sum(posting.amount_cents) as cents
from booking join posting on posting.booking = booking.id
where booking.livemode = :livemode and substr(posting.account, 1, 7) = 'Income:'
group by booking.id, booking.campaign, booking.donation, booking.booked_at, booking.kind
order by booking.booked_at, booking.id;

-- name: gifts_for_report
-- One row a gift, without names.
select id, origin, subscription_id, campaign, amount_cents, refunded_cents, refund_pending,
       state, method, given_at, paid_at
from donation
where livemode = :livemode
order by given_at, id;
