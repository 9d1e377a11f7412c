-- The listings with the given numbers, in no particular order.
SELECT id, version, seller_id, category_id, status, language, title, description, attributes, price_cents, currency,
       town, postcode, latitude, longitude, photos, on_hand, allocated, held, created_at, updated_at
FROM listing
WHERE id = ANY ($1::bigint [])
