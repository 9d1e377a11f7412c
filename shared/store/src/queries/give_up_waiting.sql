-- There is nothing left for the orders $1; $2 says what was missing.
WITH given_up AS (
    SELECT id, refusals FROM unnest($1::uuid [], $2::jsonb []) AS given_up (id, refusals)
),
left_queue AS (
    DELETE FROM waitlist USING given_up
    WHERE waitlist.order_id = given_up.id
),
moved AS (
    UPDATE orders
    SET state = $3,
        refusals = given_up.refusals
    FROM given_up
    WHERE orders.id = given_up.id
    RETURNING orders.id
)
INSERT INTO order_transition (order_id, from_state, to_state, cause)
SELECT id, 'waitlisted', $3, $4 FROM moved
