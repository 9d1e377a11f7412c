SELECT listing_id, sum(quantity)::int AS pieces
FROM order_line
WHERE order_id = ANY ($1::uuid [])
GROUP BY listing_id
