-- The last place that a reader could have reached.
SELECT id AS row, transaction::text AS transaction
FROM outbox
WHERE outbox.transaction < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY outbox.transaction DESC, outbox.id DESC
LIMIT 1
