INSERT INTO seller (slug, name, description, town, postcode, latitude, longitude)
VALUES ($1, $2, $3, $4, $5, $6, $7)
RETURNING id, slug, name, description, town, postcode, latitude, longitude, created_at
