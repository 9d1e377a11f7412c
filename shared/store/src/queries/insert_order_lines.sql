INSERT INTO order_line (order_id, listing_id, seller_id, title, quantity, unit_price_cents, personalisation)
SELECT * FROM unnest($1::uuid [], $2::bigint [], $3::bigint [], $4::text [], $5::bigint [], $6::bigint [], $7::text [])
