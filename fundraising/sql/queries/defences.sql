-- name: new_salt^
-- Returns a row only to whoever comes first that day.
insert into attempt_salt (day, salt) values (:day, :salt)
on conflict (day) do nothing
returning salt;

-- name: find_salt^
select salt from attempt_salt where day = :day;

-- name: forget_salts!
delete from attempt_salt where day < :day;

-- name: forget_attempts!
delete from attempt where hour < :hour;

-- name: forget_checkout_starts!
delete from checkout_start where started_at < :before;

-- name: count_attempt^
insert into attempt (hour, livemode, kind, subject, times)
values (:hour, :livemode, :kind, :subject, 1)
on conflict (hour, livemode, kind, subject) do update set times = attempt.times + 1
returning times;

-- name: attempts_by_hour
select hour, kind, subject, times from attempt
where kind in ('site', 'turned_away', 'hidden') and hour >= :since and livemode = :livemode
order by hour, kind, subject;

-- name: failed_payments^
select count(*) as times from inbox
where type = 'payment_intent.payment_failed' and received_at >= :since and livemode = :livemode;

-- name: claim_checkout_start^
-- Returns a row only to the first of two clicks; the second one waits for the first.
insert into checkout_start (intent, started_at, expires_at)
values (:intent, :started_at, :expires_at)
on conflict (intent) do nothing
returning intent;

-- name: find_checkout_start^
select * from checkout_start where intent = :intent;
