-- How many pieces of the listings $2 the buyers $1 have in orders that are not over. From the buyers to their lines, whatever
-- the planner thinks of it (OFFSET 0): the other way round would read every line of a hot listing, more with each order.
WITH alive AS MATERIALIZED (
    SELECT id, buyer
    FROM orders
    WHERE buyer = ANY ($1::text [])
        AND state IN ('awaiting_payment', 'waitlisted', 'paid')
)
SELECT alive.buyer, line.listing_id, sum(line.quantity) AS pieces
FROM alive
CROSS JOIN LATERAL (
    SELECT listing_id, quantity
    FROM order_line
    WHERE order_line.order_id = alive.id
    OFFSET 0
) AS line
WHERE line.listing_id = ANY ($2::bigint [])
GROUP BY alive.buyer, line.listing_id
