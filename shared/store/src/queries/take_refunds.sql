-- Takes up to $1 refunds that are due. Each is due again after 2, 4, 8… seconds and at most ten minutes, unless it is
-- done by then: whoever took it may have died.
UPDATE refund
SET attempts = attempts + 1,
    next_attempt_at = now() + least(interval '10 minutes', interval '1 second' * 2 ^ least(attempts + 1, 10))
FROM payment
WHERE payment.id = refund.payment_id
    AND refund.payment_id IN (
        SELECT payment_id
        FROM refund
        WHERE done_at IS NULL
            AND next_attempt_at <= now()
        ORDER BY next_attempt_at
        LIMIT $1
        FOR UPDATE SKIP LOCKED
    )
RETURNING refund.payment_id, payment.order_id, refund.amount_cents, refund.currency, refund.attempts
