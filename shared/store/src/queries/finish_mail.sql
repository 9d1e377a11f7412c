-- The mail about the move $1 is sent, or $2 is false and there is nobody to send it to.
UPDATE order_transition
SET mail_due_at = NULL,
    mail_error = NULL,
    mailed_at = CASE WHEN $2 THEN now() END
WHERE id = $1
    AND mail_due_at IS NOT NULL
