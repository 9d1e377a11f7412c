-- Gives pieces back: $2 held and $3 allocated ones of the listings $1.
UPDATE listing
SET held = listing.held - given.held,
    allocated = listing.allocated - given.allocated,
    version = listing.version + 1,
    updated_at = now()
FROM unnest($1::bigint [], $2::int [], $3::int []) AS given (id, held, allocated)
WHERE listing.id = given.id
RETURNING listing.id, listing.version, listing.seller_id, listing.category_id
