INSERT INTO seller_order (order_id, seller_id, total_cents)
SELECT * FROM unnest($1::uuid [], $2::bigint [], $3::bigint [])
