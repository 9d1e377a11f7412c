UPDATE payment
SET state = 'failed', settled_at = now()
WHERE id = $1
    AND state = 'started'
