-- name: describe_donor!
-- What a donor added to the form's necessary part.
update donor
set kind = :kind, company_name = :company_name, vat_number = :vat_number,
    dedication = :dedication, dedication_name = :dedication_name, card_email = :card_email,
    card_text = :card_text
where id = :id;

-- name: describe_intent!
update intent set cover_cents = :cover_cents, replaces = :replaces where id = :id;

-- name: add_consent!
insert into consent (id, livemode, donor, purpose, granted, wording, place, answered_at)
values (:id, :livemode, :donor, :purpose, :granted, :wording, :place, :answered_at);

-- name: consents_of_person
-- Every answer of everybody with this address, the latest last.
select consent.* from consent join donor on donor.id = consent.donor
where lower(donor.email) = :email and donor.livemode = :livemode
order by consent.answered_at, consent.id;

-- name: gifts_of_person
-- Every gift that went beyond the checkout page, the newest first.
select donation.*, intent.title, intent.frequency, intent.cover_cents, intent.donor
from donation
join intent on intent.id = donation.intent
join donor on donor.id = intent.donor
where lower(donor.email) = :email and donation.livemode = :livemode
  and donation.state not in ('draft', 'open', 'abandoned')
order by donation.given_at desc, donation.id;

-- name: receipts_of_person
select receipt.* from receipt join donor on donor.id = receipt.donor
where lower(donor.email) = :email and receipt.livemode = :livemode
order by receipt.issued_at desc, receipt.number desc;

-- name: plans_of_person
select plan.*, intent.title, intent.campaign, intent.recipient, intent.donor
from plan
join intent on intent.id = plan.intent
join donor on donor.id = intent.donor
where lower(donor.email) = :email and plan.livemode = :livemode
order by intent.created_at desc, plan.subscription_id;

-- name: receipt_of_person^
select receipt.* from receipt join donor on donor.id = receipt.donor
where receipt.id = :id and lower(donor.email) = :email and receipt.livemode = :livemode;

-- name: donors_of_year
-- Those who gave between two moments and have no letter that begins with this mark yet, whichever
-- row of theirs it was for: a correction makes another row of the same person.
select distinct donor.id, donor.email, donor.created_at
from donation
join intent on intent.id = donation.intent
join donor on donor.id = intent.donor
where donation.livemode = :livemode and donation.given_at >= :since and donation.given_at < :until
  and donation.state in ('paid', 'partially_refunded') and donor.email <> ''
  and not exists (
      select 1 from outbox join donor as told on told.id = outbox.donor
      where outbox.kind = 'yearly' and outbox.livemode = :livemode
        and substr(outbox.subject, 1, length(cast(:mark as text))) = cast(:mark as text)
        and lower(told.email) = lower(donor.email))
order by donor.created_at, donor.id;

-- name: gifts_of_year
-- What is left of each gift comes from the postings, as every total does.
select donation.given_at, intent.title, receipt.number, receipt.year,
       -sum(posting.amount_cents) as cents
from donation
join intent on intent.id = donation.intent
join donor on donor.id = intent.donor
join booking on booking.donation = donation.id
join posting on posting.booking = booking.id
left join receipt on receipt.donation = donation.id and receipt.state = 'issued'
where donation.livemode = :livemode and lower(donor.email) = :email and donor.email <> ''
  and donation.given_at >= :since and donation.given_at < :until
  and posting.account in ('Income:Donations', 'Income:FeeCover', 'Income:Refunds', 'Income:Disputes')
group by donation.id, donation.given_at, intent.title, receipt.number, receipt.year
having -sum(posting.amount_cents) > 0
order by donation.given_at, donation.id;
