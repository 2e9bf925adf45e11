-- name: add_access!
insert into access (hash, livemode, purpose, donor, plan, expires_at)
values (:hash, :livemode, :purpose, :donor, :plan, :expires_at);

-- name: find_access^
select * from access
where hash = :hash and purpose = :purpose and livemode = :livemode
  and (expires_at is null or expires_at > :now);

-- name: remove_access^
delete from access where hash = :hash returning *;

-- name: remove_stale_access!
delete from access where expires_at <= :now;

-- name: all_access
select * from access order by purpose, expires_at, hash;

-- name: count_sign_in_letters^
select count(*) as rows from outbox
join donor on donor.id = outbox.donor
where outbox.kind = 'sign_in' and outbox.created_at > :since and lower(donor.email) = :email
  and outbox.livemode = :livemode;
