-- How many pieces of the listings $2 the buyers $1 have in orders that are not over.
SELECT orders.buyer, order_line.listing_id, sum(order_line.quantity) AS pieces
FROM orders
JOIN order_line ON order_line.order_id = orders.id
WHERE orders.buyer = ANY ($1::text [])
    AND orders.state IN ('awaiting_payment', 'waitlisted', 'paid')
    AND order_line.listing_id = ANY ($2::bigint [])
GROUP BY orders.buyer, order_line.listing_id
