-- Stripe also keeps money for its services, apart from any payment: a booking of its own kind.
-- SQLite cannot change a check, so both tables are made again and take over what is there.
create table booking_again (
    id text primary key,
    kind text not null check (kind in ('payment', 'refund', 'dispute', 'payout', 'fee')),
    livemode integer not null check (livemode in (0, 1)),
    donation text references donation (id),
    campaign text,
    booked_at text not null
) strict;
create table posting_again (
    booking text not null references booking_again (id),
    account text not null,
    amount_cents integer not null check (amount_cents <> 0),
    primary key (booking, account)
) strict;
insert into booking_again select id, kind, livemode, donation, campaign, booked_at from booking;
insert into posting_again select booking, account, amount_cents from posting;
drop table posting;
drop table booking;
alter table booking_again rename to booking;
alter table posting_again rename to posting;
create index booking_by_donation on booking (donation);

create trigger booking_is_never_changed before update on booking
begin select raise(abort, 'a booking is never changed'); end;

create trigger booking_is_never_deleted before delete on booking
begin select raise(abort, 'a booking is never deleted'); end;

create trigger posting_is_never_changed before update on posting
begin select raise(abort, 'a posting is never changed'); end;

create trigger posting_is_never_deleted before delete on posting
begin select raise(abort, 'a posting is never deleted'); end;
