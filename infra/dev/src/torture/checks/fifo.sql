-- Orders that got pieces of a listing while an earlier one waited for it: whoever began to wait before them was still
-- waiting when they got theirs. Getting them late, by paying after the hold has ended, is getting them.
--
-- Moves of one listing are made one after the other, under its lock, so their numbers are their order; those of one instant
-- are one transaction, and count as one. One walk along each listing, however many moves there are: of all who began to
-- wait earlier, only the one who waited longest matters.
WITH moves AS (
    SELECT order_transition.id, order_transition.order_id, listing_id, from_state, to_state,
           min(order_transition.id) OVER of_moment AS moment_began,
           max(order_transition.id) OVER of_moment AS moment_ended
    FROM order_transition
    JOIN order_line ON order_line.order_id = order_transition.order_id
    WHERE from_state IS DISTINCT FROM to_state
    WINDOW of_moment AS (PARTITION BY listing_id, at)
),
steps AS (
    SELECT *, lag(id) OVER of_order AS previous_id, lead(moment_began) OVER of_order AS next_moment
    FROM moves
    WINDOW of_order AS (PARTITION BY order_id, listing_id ORDER BY id)
),
events AS (
    SELECT listing_id, order_id, id AS came, coalesce(next_moment, 9223372036854775807) AS waited_until, NULL AS got_at
    FROM steps
    WHERE to_state = 'waitlisted'
    UNION ALL
    -- Whoever waited came when the waiting began.
    SELECT listing_id, order_id, CASE WHEN from_state = 'waitlisted' THEN previous_id ELSE id END, NULL, moment_ended
    FROM steps
    WHERE to_state = 'awaiting_payment' OR (from_state = 'expired' AND to_state = 'paid')
),
walk AS (
    SELECT *, max(waited_until) OVER (
        PARTITION BY listing_id ORDER BY came GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
    ) AS longest_wait
    FROM events
)
SELECT order_id, listing_id, got_at, longest_wait
FROM walk
WHERE got_at IS NOT NULL AND longest_wait > got_at;
