UPDATE refund
SET done_at = now(), last_error = NULL
FROM payment
WHERE refund.payment_id = $1
    AND payment.id = refund.payment_id
    AND refund.done_at IS NULL
RETURNING payment.order_id
