-- New orders take their place behind those who wait already, in the order given.
INSERT INTO waitlist (listing_id, order_id, pieces, hold_for_ms, until)
SELECT listing_id, order_id, pieces::int, $4::bigint, $5::timestamptz
FROM unnest($1::bigint [], $2::uuid [], $3::bigint []) WITH ORDINALITY AS joined (listing_id, order_id, pieces, place)
ORDER BY place
