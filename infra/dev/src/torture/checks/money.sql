-- Money that went astray: captured and neither paying nor owed back; an order that is paid by nothing, or twice, or by
-- another sum than its own; one that was cancelled and whose money stays.
WITH of_order AS (
    SELECT orders.id, orders.state, orders.total_cents,
           count(*) FILTER (WHERE payment.pays) AS paying,
           sum(payment.amount_cents) FILTER (WHERE payment.pays) AS paid_cents,
           count(*) FILTER (WHERE payment.pays AND refund.payment_id IS NOT NULL) AS given_back,
           count(*) FILTER (WHERE payment.state = 'captured' AND payment.amount_cents > 0
                            AND NOT payment.pays AND refund.payment_id IS NULL) AS astray
    FROM orders
    LEFT JOIN payment ON payment.order_id = orders.id
    LEFT JOIN refund ON refund.payment_id = payment.id
    GROUP BY orders.id
)
SELECT id, state, paying, paid_cents, given_back, astray
FROM of_order
WHERE astray > 0
    OR paying > 1
    OR (state = 'paid' AND (paying <> 1 OR given_back > 0 OR paid_cents <> total_cents))
    OR (state = 'cancelled' AND paying > given_back)
    OR (state NOT IN ('paid', 'cancelled') AND paying > 0);
