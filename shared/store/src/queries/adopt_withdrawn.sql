-- The requests of the withdrawn orders $1 have come: from now on they go by their keys, so that a repeat is one.
UPDATE orders
SET idempotency_key = adopted.idempotency_key,
    fingerprint = adopted.fingerprint
FROM unnest($1::uuid [], $2::text [], $3::bytea []) AS adopted (id, idempotency_key, fingerprint)
WHERE orders.id = adopted.id
