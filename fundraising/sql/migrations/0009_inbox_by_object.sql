-- A look at a gift answers what waits about its payment, charge and refunds as well.
create index inbox_by_object on inbox (object_id) where state = 'waiting';
