-- An order with its lines: a row for each line, one row when there are none.
SELECT orders.id, orders.state, orders.language, orders.refusals, orders.total_cents, orders.currency,
       orders.held_until, orders.accepted_at, orders.placed_at,
       order_line.listing_id, order_line.seller_id, order_line.title, order_line.quantity, order_line.unit_price_cents
FROM orders
LEFT JOIN order_line ON order_line.order_id = orders.id
WHERE orders.id = $1
ORDER BY order_line.seller_id, order_line.listing_id
