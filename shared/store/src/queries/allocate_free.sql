-- Pieces $2 of the listings $1 that nobody has are allocated. The transaction has locked the listings and looked.
UPDATE listing
SET allocated = listing.allocated + promised.pieces,
    version = listing.version + 1,
    updated_at = now()
FROM unnest($1::bigint [], $2::int []) AS promised (id, pieces)
WHERE listing.id = promised.id
RETURNING listing.id, listing.version, listing.seller_id, listing.category_id
