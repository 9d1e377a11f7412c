-- Takes up to $1 moves of orders whose shoppers are to be told, the longest due first. Nobody else takes them for $2 seconds;
-- then they are due again, unless they were sent or put off by then: whoever took them may have died.
WITH taken AS (
    UPDATE order_transition
    SET mail_attempts = mail_attempts + 1,
        mail_due_at = now() + make_interval(secs => $2)
    WHERE id IN (
        SELECT id
        FROM order_transition
        WHERE mail_due_at <= now()
        ORDER BY mail_due_at
        LIMIT $1
        FOR UPDATE SKIP LOCKED
    )
    RETURNING id, order_id, to_state, cause, at, mail_attempts
)
SELECT taken.id, taken.order_id, taken.to_state, taken.cause, taken.at, taken.mail_attempts, orders.contact ->> 'email' AS email,
       EXISTS (
           SELECT FROM payment
           INNER JOIN refund ON refund.payment_id = payment.id
           WHERE payment.order_id = taken.order_id
       ) AS has_refund
FROM taken
INNER JOIN orders ON orders.id = taken.order_id
ORDER BY taken.id
