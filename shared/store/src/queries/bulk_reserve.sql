-- The first of the next $2 numbers of a table; the lock that the caller holds keeps everybody else from drawing some.
SELECT setval(sequence, next + $2::bigint - 1) - $2::bigint + 1
FROM (SELECT sequence, nextval(sequence) AS next
      FROM (SELECT pg_get_serial_sequence($1::text, 'id')::regclass AS sequence) AS named) AS drawn
