-- An order with its lines: a row for each line, one row when there are none.
SELECT orders.id, orders.state, orders.language, orders.refusals, orders.total_cents, orders.currency,
       orders.held_until, orders.accepted_at, orders.placed_at,
       order_line.listing_id, order_line.seller_id, order_line.title, order_line.quantity, order_line.unit_price_cents,
       order_line.personalisation, seller_order.sent_at,
       (
           SELECT count(*)
           FROM waitlist AS ahead
           WHERE ahead.listing_id = waitlist.listing_id AND ahead.place <= waitlist.place
       ) AS waiting_place,
       (SELECT held FROM listing WHERE listing.id = waitlist.listing_id) AS may_come_free
FROM orders
LEFT JOIN waitlist ON waitlist.order_id = orders.id
LEFT JOIN order_line ON order_line.order_id = orders.id
LEFT JOIN seller_order
    ON seller_order.order_id = order_line.order_id AND seller_order.seller_id = order_line.seller_id
WHERE orders.id = $1
ORDER BY order_line.seller_id, order_line.listing_id
