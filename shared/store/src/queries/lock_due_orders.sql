-- Orders whose hold has ended, the longest overdue first, but none that somebody else has locked.
SELECT id
FROM orders
WHERE state = 'awaiting_payment'
    AND held_until <= now()
ORDER BY held_until
LIMIT $1
FOR UPDATE SKIP LOCKED
