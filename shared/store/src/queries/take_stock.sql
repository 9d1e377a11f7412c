-- Holds pieces of listings that this transaction has locked. The check on the table is the last line of defence.
UPDATE listing
SET held = listing.held + taken.pieces::int,
    version = listing.version + 1,
    updated_at = now()
FROM unnest($1::bigint [], $2::bigint []) AS taken (id, pieces)
WHERE listing.id = taken.id
