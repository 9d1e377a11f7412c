-- Pieces $2 of the listings $1 that were held are allocated. The transaction has locked the listings.
UPDATE listing
SET held = listing.held - promised.pieces,
    allocated = listing.allocated + promised.pieces,
    version = listing.version + 1,
    updated_at = now()
FROM unnest($1::bigint [], $2::int []) AS promised (id, pieces)
WHERE listing.id = promised.id
RETURNING listing.id, listing.version, listing.seller_id, listing.category_id
