-- Writes down, for the mails, that holds end within $1 milliseconds: each hold once, in the order of their ends, by whoever
-- has the position. What is newly held for a shorter time than that is not told.
WITH reached AS (
    SELECT held_until FROM reminder_position FOR UPDATE SKIP LOCKED
),
next AS (
    UPDATE reminder_position
    SET held_until = now() + $1::bigint * interval '1 millisecond'
    FROM reached
    RETURNING reached.held_until AS after, reminder_position.held_until AS upto
)
INSERT INTO order_transition (order_id, from_state, to_state, cause)
SELECT orders.id, $2, $3, $4
FROM orders
INNER JOIN next ON orders.held_until > next.after AND orders.held_until <= next.upto
WHERE orders.state = $2
    AND orders.held_until > now()
RETURNING order_id
