-- Locks listings in the order of their numbers, as everybody does, so that nobody waits in a circle.
SELECT id
FROM listing
WHERE id = ANY ($1::bigint [])
ORDER BY id
FOR NO KEY UPDATE
