-- Moves the orders $1 from the state $2 to the state $3 and writes down why.
WITH moved AS (
    UPDATE orders
    SET state = $3
    WHERE id = ANY ($1::uuid [])
        AND state = $2
    RETURNING id
)
INSERT INTO order_transition (order_id, from_state, to_state, cause)
SELECT id, $2, $3, $4 FROM moved
