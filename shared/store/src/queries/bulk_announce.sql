INSERT INTO outbox (subject)
SELECT jsonb_build_object('kind', 'seller', 'id', id) FROM seller WHERE id >= $1::bigint AND id < $2::bigint
UNION ALL
SELECT jsonb_build_object('kind', 'listing', 'id', id, 'version', version,
                          'seller_id', seller_id, 'category_id', category_id)
FROM listing WHERE id >= $3::bigint AND id < $4::bigint
