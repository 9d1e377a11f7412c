-- Changes the listing $1 if it is still at the version $2.
UPDATE listing
SET category_id = $3,
    status = $4,
    language = $5,
    title = $6,
    description = $7,
    attributes = $8,
    price_cents = $9,
    currency = $10,
    town = $11,
    postcode = $12,
    latitude = $13,
    longitude = $14,
    photos = $15,
    on_hand = $16,
    version = version + 1,
    updated_at = now()
WHERE id = $1
    AND version = $2
RETURNING id, version, seller_id, category_id, status, language, title, description, attributes, price_cents, currency,
    town, postcode, latitude, longitude, photos, on_hand, allocated, held, created_at, updated_at
