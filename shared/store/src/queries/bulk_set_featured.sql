WITH chosen AS (
    SELECT * FROM unnest($1::bigint[]) WITH ORDINALITY AS chosen (listing_id, position)
), gone AS (
    DELETE FROM featured WHERE listing_id NOT IN (SELECT listing_id FROM chosen)
)
INSERT INTO featured (listing_id, position)
SELECT listing_id, position FROM chosen
ON CONFLICT (listing_id) DO UPDATE SET position = excluded.position
