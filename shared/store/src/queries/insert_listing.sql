INSERT INTO listing (
    seller_id, source, source_ref, created_at, category_id, status, language, title, description, attributes,
    price_cents, currency, town, postcode, latitude, longitude, photos, on_hand
)
VALUES (
    $1, $2, $3, coalesce($4, now()), $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18
)
RETURNING id, version, seller_id, category_id, status, language, title, description, attributes, price_cents, currency,
    town, postcode, latitude, longitude, photos, on_hand, allocated, held, created_at, updated_at
