-- Indexes without which rows arrive faster, and foreign keys, which would be looked up row by row: how to drop each and
-- how to build it again. Foreign keys come last: they are checked in one pass over the finished table.
SELECT format('DROP INDEX %s', indexrelid::regclass), pg_get_indexdef(indexrelid), 0 AS turn, indexrelid AS part
FROM pg_index
WHERE indrelid = 'listing'::regclass AND NOT indisprimary
UNION ALL
SELECT format('ALTER TABLE listing DROP CONSTRAINT %I', conname),
       format('ALTER TABLE listing ADD CONSTRAINT %I %s', conname, pg_get_constraintdef(oid)), 1, oid
FROM pg_constraint
WHERE conrelid = 'listing'::regclass AND contype = 'f'
ORDER BY turn, part
