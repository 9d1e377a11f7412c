INSERT INTO featured (listing_id, position)
SELECT id, place::int
FROM unnest($1::bigint []) WITH ORDINALITY AS chosen (id, place)
ON CONFLICT (listing_id) DO NOTHING
