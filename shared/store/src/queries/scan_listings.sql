-- A stretch of the whole catalogue, whatever the status, in the order of the primary key.
SELECT id, version, seller_id, category_id, status, language, title, description, attributes, price_cents, currency,
       town, postcode, latitude, longitude, photos, on_hand, allocated, held, created_at, updated_at
FROM listing
WHERE id > $1
ORDER BY id
LIMIT $2
