-- Forgets who ordered: up to $2 orders that have been over for $1 seconds. An order is over when nothing can become of it
-- any more, or when all its parts were sent; nothing may be left to tell or to give back. What was sold stays.
WITH ended AS (
    SELECT id
    FROM orders
    WHERE placed_at < now() - make_interval(secs => $1)
        AND erased_at IS NULL
        AND (
            state IN ('refused', 'expired', 'cancelled')
            OR (state = 'paid' AND NOT EXISTS (
                SELECT FROM seller_order WHERE seller_order.order_id = orders.id AND sent_at IS NULL
            ))
        )
        AND NOT EXISTS (
            SELECT FROM order_transition
            WHERE order_transition.order_id = orders.id
                AND (at > now() - make_interval(secs => $1) OR mail_due_at IS NOT NULL)
        )
        AND NOT EXISTS (
            SELECT
            FROM payment
            LEFT JOIN refund ON refund.payment_id = payment.id
            WHERE payment.order_id = orders.id
                AND (payment.state = 'started' OR (refund.payment_id IS NOT NULL AND refund.done_at IS NULL))
        )
    LIMIT $2
    FOR UPDATE OF orders SKIP LOCKED
),
unmarked AS (
    UPDATE order_line
    SET personalisation = NULL
    FROM ended
    WHERE order_line.order_id = ended.id
        AND personalisation IS NOT NULL
)
UPDATE orders
SET contact = '{}',
    buyer = NULL,
    -- A hash of the contact is the contact, for whoever has patience.
    fingerprint = '',
    erased_at = now()
FROM ended
WHERE orders.id = ended.id
RETURNING orders.id
