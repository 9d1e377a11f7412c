-- How the orders $1 stand, without their lines. Each queue that one of them is in is numbered once.
WITH asked AS (
    SELECT orders.id, orders.state, waitlist.listing_id
    FROM orders
    LEFT JOIN waitlist ON waitlist.order_id = orders.id
    WHERE orders.id = ANY ($1::uuid [])
),
queue AS (
    SELECT order_id, row_number() OVER (PARTITION BY listing_id ORDER BY place) AS place
    FROM waitlist
    WHERE listing_id IN (SELECT asked.listing_id FROM asked)
)
SELECT asked.id, asked.state, queue.place AS waiting_place, listing.held AS may_come_free
FROM asked
LEFT JOIN queue ON queue.order_id = asked.id
LEFT JOIN listing ON listing.id = asked.listing_id
