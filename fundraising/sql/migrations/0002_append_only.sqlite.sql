-- Bookings and postings are only ever added; a receipt is voided, never deleted.
create trigger booking_is_never_changed before update on booking
begin select raise(abort, 'a booking is never changed'); end;

create trigger booking_is_never_deleted before delete on booking
begin select raise(abort, 'a booking is never deleted'); end;

create trigger posting_is_never_changed before update on posting
begin select raise(abort, 'a posting is never changed'); end;

create trigger posting_is_never_deleted before delete on posting
begin select raise(abort, 'a posting is never deleted'); end;

create trigger receipt_is_never_deleted before delete on receipt
begin select raise(abort, 'a receipt is never deleted'); end;
