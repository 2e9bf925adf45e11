-- How people are found: by address, and from a donor to their gifts.
create index donor_by_email on donor (lower(email));
create index intent_by_donor on intent (donor);
create index intent_by_replaced on intent (replaces) where replaces is not null;
create index donation_by_subscription on donation (subscription_id) where subscription_id is not null;
create index receipt_by_donor on receipt (donor);
create index plan_by_intent on plan (intent);
