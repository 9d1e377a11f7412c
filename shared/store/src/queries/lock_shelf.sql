-- Locks a batch's listings in the order of their numbers, as everybody does, so that nobody waits in a circle.
SELECT id, seller_id, category_id, status, title, price_cents, currency, on_hand, allocated, held, version
FROM listing
WHERE id = ANY ($1::bigint [])
ORDER BY id
FOR NO KEY UPDATE
