-- A bounded bite of what was published and is older than $1 seconds.
DELETE FROM outbox
WHERE id IN (
    SELECT outbox.id
    FROM outbox, relay_position
    WHERE (outbox.transaction, outbox.id) <= (relay_position.transaction, relay_position.row)
        AND outbox.created_at < now() - make_interval(secs => $1)
    ORDER BY outbox.transaction, outbox.id
    LIMIT 10000
)
