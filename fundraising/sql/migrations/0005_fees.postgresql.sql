-- Stripe also keeps money for its services, apart from any payment: a booking of its own kind.
alter table booking drop constraint booking_kind_check;
alter table booking add constraint booking_kind_check
    check (kind in ('payment', 'refund', 'dispute', 'payout', 'fee'));
