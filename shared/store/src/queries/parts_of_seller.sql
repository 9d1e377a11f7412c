-- Up to $3 parts of paid orders that the seller $1 fulfils, behind the order $2; with $4 only those that were not sent.
-- A row for each line.
WITH part AS (
    SELECT seller_order.order_id, seller_order.total_cents, seller_order.sent_at, orders.currency,
           CASE WHEN orders.erased_at IS NULL THEN orders.contact END AS contact
    FROM seller_order
    INNER JOIN orders ON orders.id = seller_order.order_id
    WHERE seller_order.seller_id = $1
        AND seller_order.order_id > coalesce($2, '00000000-0000-0000-0000-000000000000'::uuid)
        AND orders.state = 'paid'
        AND (seller_order.sent_at IS NULL OR NOT $4)
    ORDER BY seller_order.order_id
    LIMIT $3
)
SELECT part.order_id, part.total_cents, part.sent_at, part.currency, part.contact,
       order_line.listing_id, order_line.seller_id, order_line.title, order_line.quantity, order_line.unit_price_cents,
       order_line.personalisation
FROM part
INNER JOIN order_line ON order_line.order_id = part.order_id AND order_line.seller_id = $1
ORDER BY part.order_id, order_line.listing_id
