SELECT id, slug, name, description, town, postcode, latitude, longitude, created_at
FROM seller
WHERE slug = $1
