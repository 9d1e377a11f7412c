-- The newest published listings of a shop before the listing $2.
SELECT id, NULL::bigint AS price_cents
FROM listing
WHERE seller_id = $1
    AND status = 'published'
    AND id < $2
ORDER BY id DESC
LIMIT $3
