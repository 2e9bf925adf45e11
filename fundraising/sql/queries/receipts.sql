-- name: draw_receipt_number^
-- The number belongs to the transaction: rolling it back gives the number back.
insert into receipt_counter (recipient, year, livemode, last_number)
values (:recipient, :year, :livemode, 1)
on conflict (recipient, year, livemode) do update
set last_number = receipt_counter.last_number + 1
returning last_number as number;

-- name: add_receipt!
insert into receipt
    (id, livemode, recipient, year, number, donation, donor, amount_cents, wording, state,
     issued_at)
values
    (:id, :livemode, :recipient, :year, :number, :donation, :donor, :amount_cents, :wording,
     'issued', :issued_at);

-- name: void_receipt!
update receipt set state = 'void', voided_at = :voided_at where id = :id;

-- name: valid_receipt_of_donation^
select * from receipt where donation = :donation and state = 'issued';

-- name: latest_receipt_of_donation^
select * from receipt where donation = :donation and state = :state
order by issued_at desc, number desc
limit 1;

-- name: all_receipts
select * from receipt order by livemode, recipient, year, number;

-- name: receipt_series
-- A series holds every number from 1 to the last one drawn.
select receipt_counter.recipient, receipt_counter.year, receipt_counter.livemode,
       receipt_counter.last_number, count(receipt.id) as receipts,
       coalesce(max(receipt.number), 0) as highest_number
from receipt_counter
left join receipt on receipt.recipient = receipt_counter.recipient
    and receipt.year = receipt_counter.year and receipt.livemode = receipt_counter.livemode
group by receipt_counter.recipient, receipt_counter.year, receipt_counter.livemode,
         receipt_counter.last_number
order by receipt_counter.livemode, receipt_counter.recipient, receipt_counter.year;

-- name: receipts_without_money
-- Valid receipts of gifts that are no longer (or not for that amount) in our hands.
select receipt.recipient, receipt.year, receipt.number, donation.id as donation, donation.state
from receipt join donation on donation.id = receipt.donation
where receipt.state = 'issued'
  and (donation.state not in ('paid', 'partially_refunded')
       or receipt.amount_cents <> donation.amount_cents - donation.refunded_cents)
  and receipt.livemode = :livemode
order by receipt.recipient, receipt.year, receipt.number;

-- name: find_receipt^
select * from receipt
where recipient = :recipient and year = :year and number = :number and livemode = :livemode;

-- name: receipts_numbered
-- The same number in every series of the year: one for each recipient.
select * from receipt
where year = :year and number = :number and livemode = :livemode
order by recipient;

-- name: receipts_given_in
-- Valid receipts with the donor each one names, of gifts given between two moments.
select receipt.*, donation.given_at, donation.campaign, donor.email, donor.first_name,
       donor.last_name, donor.fiscal_code, donor.company_name, donor.vat_number
from receipt
join donation on donation.id = receipt.donation
join donor on donor.id = receipt.donor
where receipt.state = 'issued' and receipt.livemode = :livemode
  and donation.given_at >= :since and donation.given_at < :until
order by receipt.recipient, donation.given_at, receipt.number;

-- name: copy_donor!
-- The same person with a corrected name: what is printed already keeps the old row.
insert into donor
    (id, livemode, email, first_name, last_name, fiscal_code, anonymous, created_at, kind,
     company_name, vat_number, opposed_at, dedication, dedication_name, card_email, card_text)
select :id, livemode, email, :first_name, :last_name, :fiscal_code, anonymous, created_at, kind,
       company_name, vat_number, opposed_at, dedication, dedication_name, card_email, card_text
from donor where id = :source;

-- name: change_donor_of_intent!
update intent set donor = :donor where id = :id;
