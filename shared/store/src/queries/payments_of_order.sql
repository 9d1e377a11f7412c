-- The payments of the order $1 with what is given back of them, the first one first.
SELECT payment.id, payment.order_id, payment.state, payment.amount_cents, payment.currency, payment.started_at,
       refund.amount_cents AS refund_cents, refund.currency AS refund_currency, refund.reason AS refund_reason,
       refund.done_at AS refund_done_at
FROM payment
LEFT JOIN refund ON refund.payment_id = payment.id
WHERE payment.order_id = $1
ORDER BY payment.started_at, payment.id
