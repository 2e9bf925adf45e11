-- Bookings and postings are only ever added; a receipt is voided, never deleted.
create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception 'a % is never changed or deleted', tg_table_name;
end $$;

create trigger booking_is_append_only before update or delete or truncate on booking
for each statement execute function refuse_change();

create trigger posting_is_append_only before update or delete or truncate on posting
for each statement execute function refuse_change();

create trigger receipt_is_never_deleted before delete or truncate on receipt
for each statement execute function refuse_change();
