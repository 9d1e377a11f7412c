-- In the order of the file, so that its first line is the oldest listing.
WITH added AS (
    INSERT INTO listing (seller_id, category_id, language, title, description, attributes, price_cents, currency,
                         town, postcode, latitude, longitude, photos, on_hand, source, source_ref,
                         created_at, updated_at)
    SELECT seller_id, category_id, language, title, description, attributes, price_cents, currency,
           town, postcode, latitude, longitude, photos, on_hand, source, source_ref, created_at, updated_at
    FROM staged_listing AS staged
    WHERE NOT EXISTS (SELECT FROM listing
                      WHERE listing.source = staged.source AND listing.source_ref = staged.source_ref)
    ORDER BY id
    RETURNING id, version, seller_id, category_id
)
INSERT INTO outbox (subject)
SELECT jsonb_build_object('kind', 'listing', 'id', id, 'version', version,
                          'seller_id', seller_id, 'category_id', category_id)
FROM added
