-- An order that was taken back before it was placed: nothing of it is known but its name. Whoever is just placing it is
-- waited for, and then it is an order like any other.
WITH withdrawn AS (
    INSERT INTO orders (id, idempotency_key, fingerprint, state, language, contact, accepted_at)
    VALUES ($1, $2, '', $3, $4, '{}', now())
    ON CONFLICT DO NOTHING
    RETURNING id
)
INSERT INTO order_transition (order_id, to_state, cause)
SELECT id, $3, $5 FROM withdrawn
RETURNING order_id
