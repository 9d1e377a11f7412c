-- The newest published listings of the shop $1 before the listing $2. For the pair, see category_newest.sql.
SELECT id, NULL::bigint AS price_cents
FROM listing
WHERE (seller_id, id) < ($1, $2)
    AND seller_id >= $1
    AND status = 'published'
ORDER BY seller_id DESC, id DESC
LIMIT $3
