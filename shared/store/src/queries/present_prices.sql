-- What the listings $1 cost at this moment.
SELECT id, price_cents, currency
FROM listing
WHERE id = ANY ($1::bigint [])
