-- Orders that got pieces of a listing while an earlier one waited for it. Moves of one listing are made one after the
-- other, under its lock, so their numbers are their order; those of one instant are one statement.
WITH moves AS (
    SELECT order_transition.id, order_transition.order_id, listing_id, from_state, to_state, at,
           lead(order_transition.id) OVER of_order AS next_id,
           lead(at) OVER of_order AS next_at
    FROM order_transition
    JOIN order_line ON order_line.order_id = order_transition.order_id
    WHERE from_state IS DISTINCT FROM to_state
    WINDOW of_order AS (PARTITION BY order_transition.order_id, listing_id ORDER BY order_transition.id)
),
began_to_wait AS (
    SELECT order_id, listing_id, id, next_id, next_at FROM moves WHERE to_state = 'waitlisted'
),
got AS (
    SELECT moves.order_id, moves.listing_id, moves.id, moves.at, waited.id AS since
    FROM moves
    LEFT JOIN began_to_wait AS waited ON waited.order_id = moves.order_id
    WHERE moves.to_state = 'awaiting_payment'
)
SELECT got.order_id, got.listing_id, earlier.order_id
FROM got
JOIN began_to_wait AS earlier ON earlier.listing_id = got.listing_id AND earlier.order_id <> got.order_id
WHERE earlier.id < coalesce(got.since, got.id)
    AND (earlier.next_id IS NULL OR (earlier.next_id > got.id AND earlier.next_at <> got.at));
