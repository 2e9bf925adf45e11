-- name: stripe_postings
-- What the books say that each balance transaction did to the Stripe balance.
select booking.id, booking.kind, booking.donation, coalesce(posting.amount_cents, 0) as net_cents
from booking
left join posting on posting.booking = booking.id and posting.account = 'Assets:Stripe'
where booking.livemode = :livemode and substr(booking.id, 1, 5) <> 'bank:'
order by booking.id;
