-- A payment with what is given back of it.
SELECT payment.id, payment.order_id, payment.state, payment.amount_cents, payment.currency, payment.started_at,
       refund.amount_cents AS refund_cents, refund.currency AS refund_currency, refund.reason AS refund_reason,
       refund.done_at AS refund_done_at
FROM payment
LEFT JOIN refund ON refund.payment_id = payment.id
WHERE payment.id = $1
