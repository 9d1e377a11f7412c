-- Committed changes after a place. Rows of transactions that are not older than every running one are held back:
-- a transaction still running may yet commit rows in front of them.
SELECT id AS row, transaction::text AS transaction, subject
FROM outbox
WHERE (outbox.transaction, outbox.id) > ($1::text::xid8, $2)
    AND outbox.transaction < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY outbox.transaction, outbox.id
LIMIT $3
