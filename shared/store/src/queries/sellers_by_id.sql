SELECT id, slug, name, description, town, postcode, latitude, longitude, created_at
FROM seller
WHERE id = ANY ($1::bigint [])
