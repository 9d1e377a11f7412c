-- The first row of a reference is kept; later ones, in this chunk or since the import began, are set aside.
WITH ranked AS (
    SELECT id, source, source_ref, row_number() OVER (PARTITION BY source, source_ref ORDER BY id) AS turn
    FROM staged_listing
), first_seen AS (
    INSERT INTO seen_reference
    SELECT source, source_ref FROM ranked WHERE turn = 1
    ON CONFLICT DO NOTHING
    RETURNING source, source_ref
)
DELETE FROM staged_listing
USING ranked LEFT JOIN first_seen USING (source, source_ref)
WHERE staged_listing.id = ranked.id AND (ranked.turn > 1 OR first_seen.source IS NULL)
RETURNING staged_listing.id
