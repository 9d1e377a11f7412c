-- The first move of new orders $1, into the states $2.
INSERT INTO order_transition (order_id, to_state, cause)
SELECT id, state, $3
FROM unnest($1::uuid [], $2::text []) AS moved (id, state)
