-- name: donors_of_email
select * from donor
where livemode = :livemode and lower(email) = :email and email <> ''
order by created_at, id;

-- name: intents_of_donor
select * from intent where donor = :donor order by created_at, id;

-- name: donations_of_donor
select donation.* from donation join intent on intent.id = donation.intent
where intent.donor = :donor
order by donation.given_at, donation.id;

-- name: plans_of_donor
select plan.* from plan join intent on intent.id = plan.intent
where intent.donor = :donor
order by plan.subscription_id;

-- name: receipts_of_donor
select * from receipt where donor = :donor order by year, number;

-- name: consents_of_donor
select * from consent where donor = :donor order by answered_at, id;

-- name: letters_of_donor
select outbox.kind, outbox.state, outbox.created_at, outbox.sent_at
from outbox
left join donation on donation.id = outbox.donation
left join intent on intent.id = donation.intent
where outbox.donor = :donor or intent.donor = :donor
order by outbox.created_at, outbox.kind;

-- name: forget_fiscal_donor!
-- What a receipt and the register need stays; how to reach the person goes.
update donor
set email = '', anonymous = 1, dedication = null, dedication_name = null, card_email = null,
    card_text = null, erased_at = :erased_at
where id = :id;

-- name: forget_donor!
update donor
set email = '', first_name = '', last_name = '', fiscal_code = null, anonymous = 1,
    company_name = null, vat_number = null, dedication = null, dedication_name = null,
    card_email = null, card_text = null, erased_at = coalesce(erased_at, :erased_at)
where id = :id;

-- name: forget_consents!
delete from consent where donor = :donor;

-- name: forget_access!
delete from access where donor = :donor;

-- name: drop_letters_of_donor!
update outbox set state = 'dropped', error = null
where state = 'waiting'
  and (donor = :donor
       or donation in (select donation.id from donation
                       join intent on intent.id = donation.intent where intent.donor = :donor));

-- name: donors_past_their_date
-- Names nobody may keep any longer: of gifts that never became money, and of gifts whose
-- accounts the law no longer asks for.
select donor.id from donor
where donor.livemode = :livemode and donor.created_at < :unpaid_before
  and (donor.email <> '' or donor.first_name <> '' or donor.last_name <> ''
       or donor.fiscal_code is not null or donor.company_name is not null)
  and not exists (
      select 1 from intent join donation on donation.intent = intent.id
      where intent.donor = donor.id
        and (donation.paid_at >= :paid_before
             or donation.state in ('processing', 'due', 'retrying', 'announced', 'disputed')))
  and not exists (
      select 1 from intent join plan on plan.intent = intent.id
      where intent.donor = donor.id and plan.status not in ('canceled', 'incomplete_expired'))
  and not exists (
      select 1 from receipt where receipt.donor = donor.id and receipt.issued_at >= :paid_before)
order by donor.id;

-- name: oppose_report!
update donor set opposed_at = coalesce(opposed_at, :opposed_at)
where livemode = :livemode and lower(email) = :email and email <> '';
