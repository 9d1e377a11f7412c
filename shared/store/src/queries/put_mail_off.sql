-- The mail about the move $1 could not be sent this time, and $2 says why: it is tried again after 4, 8, 16… seconds and at
-- most half an hour.
UPDATE order_transition
SET mail_error = $2,
    mail_due_at = now() + least(interval '30 minutes', interval '1 second' * 2 ^ least(mail_attempts + 1, 12))
WHERE id = $1
    AND mail_due_at IS NOT NULL
