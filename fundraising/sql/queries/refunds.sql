-- name: open_refund_order^
select * from refund_order where donation = :donation and refund_id is null;

-- name: latest_refund_order^
select * from refund_order where donation = :donation order by ordered_at desc, id desc limit 1;

-- name: add_refund_order!
insert into refund_order (id, livemode, donation, amount_cents, ordered_at)
values (:id, :livemode, :donation, :amount_cents, :ordered_at);

-- name: answer_refund_order!
update refund_order set refund_id = :refund_id where id = :id;

-- name: withdraw_refund_order!
delete from refund_order where id = :id and refund_id is null;

-- name: find_donation_by_payment^
select * from donation where payment_intent = :payment_intent and livemode = :livemode;

-- name: find_donation_of_receipt^
select donation.* from donation join receipt on receipt.donation = donation.id
where receipt.number = :number and receipt.year = :year and receipt.livemode = :livemode
  and receipt.recipient = :recipient;
