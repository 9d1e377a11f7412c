-- A stretch of the whole catalogue, whatever the status, the newest first.
SELECT id, version, seller_id, category_id, status, language, title, description, attributes, price_cents, currency,
       town, postcode, latitude, longitude, photos, on_hand, allocated, held, created_at, updated_at
FROM listing
WHERE id < $1
ORDER BY id DESC
LIMIT $2
