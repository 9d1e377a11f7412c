-- The turn of the orders $1 has come: they hold pieces from now on. Their clock starts here.
WITH left_queue AS (
    DELETE FROM waitlist
    WHERE order_id = ANY ($1::uuid [])
    RETURNING order_id, hold_for_ms
),
moved AS (
    UPDATE orders
    SET state = $2,
        held_until = clock_timestamp() + left_queue.hold_for_ms * interval '1 millisecond'
    FROM left_queue
    WHERE orders.id = left_queue.order_id
    RETURNING orders.id
)
INSERT INTO order_transition (order_id, from_state, to_state, cause)
SELECT id, 'waitlisted', $2, $3 FROM moved
