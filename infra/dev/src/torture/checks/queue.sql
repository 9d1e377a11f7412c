-- Orders that wait and stand in no queue, or the other way round.
SELECT coalesce(orders.id, waitlist.order_id), orders.state
FROM (SELECT id, state FROM orders WHERE state = 'waitlisted') AS orders
FULL JOIN waitlist ON waitlist.order_id = orders.id
WHERE orders.id IS NULL OR waitlist.order_id IS NULL;
