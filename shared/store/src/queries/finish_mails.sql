-- The mails about the moves $1 are sent, or $2 is false in their places and there is nobody to send them to.
UPDATE order_transition
SET mail_due_at = NULL,
    mail_error = NULL,
    mailed_at = CASE WHEN told.was_sent THEN now() END
FROM unnest($1::bigint[], $2::boolean[]) AS told(id, was_sent)
WHERE order_transition.id = told.id
    AND order_transition.mail_due_at IS NOT NULL
