-- name: find_watermark^
select moment from watermark where name = :name and livemode = :livemode;

-- name: save_watermark!
insert into watermark (name, livemode, moment) values (:name, :livemode, :moment)
on conflict (name, livemode) do update set moment = excluded.moment
where watermark.moment < excluded.moment;

-- name: find_booking^
select * from booking where id = :id;

-- name: unsettled_donations
-- Gifts that Stripe may still change without moving money; promised transfers are the bank's.
select donation.origin, donation.subscription_id from donation
where donation.livemode = :livemode
  and (donation.refund_pending = 1
       or donation.state in ('open', 'processing', 'due', 'retrying', 'disputed'))
  and not exists (select 1 from promise where promise.donation = donation.id)
order by donation.given_at, donation.id;

-- name: oldest_intent^
select min(created_at) as moment from intent where livemode = :livemode;
