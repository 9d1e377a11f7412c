-- Orders whose recorded moves do not lead, one after the other, from nothing to where they are now, each of them lawful.
WITH moves AS (
    SELECT order_id, id, from_state, to_state,
           lag(to_state) OVER moves_of_order AS before,
           lead(id) OVER moves_of_order IS NULL AS is_last
    FROM order_transition
    WINDOW moves_of_order AS (PARTITION BY order_id ORDER BY id)
)
SELECT orders.id, orders.state, moves.from_state, moves.to_state
FROM orders
LEFT JOIN moves ON moves.order_id = orders.id
WHERE moves.id IS NULL
    OR moves.from_state IS DISTINCT FROM moves.before
    OR (moves.is_last AND moves.to_state <> orders.state)
    OR (coalesce(moves.from_state, ''), moves.to_state) NOT IN (
        ('', 'awaiting_payment'), ('', 'waitlisted'), ('', 'refused'), ('', 'cancelled'),
        ('waitlisted', 'awaiting_payment'), ('waitlisted', 'cancelled'), ('waitlisted', 'refused'),
        ('awaiting_payment', 'paid'), ('awaiting_payment', 'expired'), ('awaiting_payment', 'cancelled'),
        ('paid', 'cancelled'), ('expired', 'paid'),
        -- What is only told: that a hold ends soon, that a part was sent.
        ('awaiting_payment', 'awaiting_payment'), ('paid', 'paid')
    );
