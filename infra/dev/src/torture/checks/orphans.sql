-- Rows of orders that point to nothing, or do not add up: the database does not look at each of them when it is written.
SELECT 'part without order or seller', order_id, seller_id
FROM seller_order
LEFT JOIN orders ON orders.id = order_id
LEFT JOIN seller ON seller.id = seller_id
WHERE orders.id IS NULL OR seller.id IS NULL
UNION ALL
SELECT 'line without part or listing', order_line.order_id, order_line.listing_id
FROM order_line
LEFT JOIN seller_order USING (order_id, seller_id)
LEFT JOIN listing ON listing.id = listing_id
WHERE seller_order.order_id IS NULL OR listing.id IS NULL OR listing.seller_id <> order_line.seller_id
UNION ALL
SELECT 'move without order', order_id, order_transition.id
FROM order_transition
LEFT JOIN orders ON orders.id = order_id
WHERE orders.id IS NULL
UNION ALL
SELECT 'parts that are not the sum of the order', orders.id, orders.total_cents
FROM orders
LEFT JOIN seller_order ON seller_order.order_id = orders.id
GROUP BY orders.id
HAVING coalesce(sum(seller_order.total_cents), 0) <> coalesce(orders.total_cents, 0);
