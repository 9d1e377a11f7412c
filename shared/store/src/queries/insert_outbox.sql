-- Changes in their order, numbered by the identity column as they are inserted.
INSERT INTO outbox (subject)
SELECT subject FROM unnest($1::jsonb []) WITH ORDINALITY AS change (subject, place)
ORDER BY place
