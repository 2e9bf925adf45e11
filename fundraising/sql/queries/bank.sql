-- name: draw_promise_number^
insert into promise_counter (livemode, last_number) values (:livemode, 1)
on conflict (livemode) do update set last_number = promise_counter.last_number + 1
returning last_number as number;

-- name: add_promise!
-- The donation is added first: state announced, its reason code as origin.
insert into promise (number, livemode, donation, promised_at)
values (:number, :livemode, :donation, :promised_at);

-- name: find_promise^
select promise.number, promise.promised_at, donation.*
from promise join donation on donation.id = promise.donation
where promise.number = :number and promise.livemode = :livemode;

-- name: promised_donation^
-- The gift that was promised; what came later with the same code follows it.
select donation.* from promise join donation on donation.id = promise.donation
where donation.intent = :intent;

-- name: gifts_of_promise
-- The gift that was promised, and each that came later with the same code.
select * from donation where intent = :intent order by origin;

-- name: promises_of_amount
select promise.number, promise.promised_at, donation.*
from promise join donation on donation.id = promise.donation
where promise.livemode = :livemode and donation.state = 'announced'
  and donation.amount_cents = :amount_cents
order by promise.number;

-- name: stale_promises
select promise.number, donation.*
from promise join donation on donation.id = promise.donation
where promise.livemode = :livemode and donation.state = 'announced'
  and promise.promised_at < :before
order by promise.number;

-- name: abandon_promise!
update donation set state = 'abandoned', observed_at = :observed_at
where id = :id and state = 'announced';

-- name: add_bank_line^
-- Returns a row only the first time this line is seen.
insert into bank_line
    (id, livemode, booked_on, amount_cents, state, donation, doubt, words, imported_at)
values
    (:id, :livemode, :booked_on, :amount_cents, :state, :donation, :doubt, :words, :imported_at)
on conflict (id) do nothing
returning id;

-- name: find_bank_lines
-- By how their id begins, letter by letter: to «like», some of what a person types is any letter.
select * from bank_line
where livemode = :livemode and substr(id, 1, length(cast(:prefix as text))) = cast(:prefix as text)
order by id;

-- name: settle_bank_line!
-- Of two people who decide at once only one does.
update bank_line set state = :state, donation = :donation, words = null, doubt = null
where id = :id and state = 'review';

-- name: bank_lines_in_review
select * from bank_line where livemode = :livemode and state = 'review'
order by booked_on, id;

-- name: payouts_of_amount
-- Payouts that left Stripe for the bank with this amount and are not on a statement yet.
select booking.id
from booking join posting on posting.booking = booking.id
where booking.livemode = :livemode and booking.kind = 'payout'
  and posting.account = 'Assets:Bank' and posting.amount_cents = :amount_cents
order by booking.booked_at, booking.id;

-- name: count_payout_lines^
select count(*) as rows from bank_line
where livemode = :livemode and state = 'payout' and amount_cents = :amount_cents;

-- name: returns_of_donation
-- What went back to the donor of a transfer, each time.
select booking.id, booking.booked_at, posting.amount_cents as cents
from booking join posting on posting.booking = booking.id
where booking.donation = :donation and posting.account = 'Income:Refunds'
order by booking.booked_at, booking.id;
