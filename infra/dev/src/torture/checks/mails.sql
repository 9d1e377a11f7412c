-- Moves that were not told, or told though there is nobody to tell.
SELECT order_transition.id, order_transition.order_id, to_state, mailed_at, mail_due_at, mail_error
FROM order_transition
JOIN orders ON orders.id = order_transition.order_id
WHERE mail_due_at IS NOT NULL
    OR (mailed_at IS NOT NULL) <> (contact ->> 'email' IS NOT NULL);
