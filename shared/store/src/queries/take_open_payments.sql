-- Takes up to $1 started payments whose provider should be asked. Each is due again after a tenth of its age: after half
-- a minute at least, so that a shopper who is typing costs little, and after an hour at most.
UPDATE payment
SET next_check_at = now() + least(interval '1 hour', greatest(interval '30 seconds', (now() - started_at) / 10))
WHERE id IN (
    SELECT id
    FROM payment
    WHERE state = 'started'
        AND next_check_at <= now()
    ORDER BY next_check_at
    LIMIT $1
    FOR UPDATE SKIP LOCKED
)
RETURNING id, order_id, started_at
