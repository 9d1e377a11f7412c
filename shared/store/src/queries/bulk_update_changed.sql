-- Rows are locked in the order of their numbers, as everybody does who locks several.
WITH differing AS (
    SELECT listing.id,
           greatest(staged.on_hand, listing.allocated + listing.held) AS on_hand,
           staged.seller_id, staged.category_id, staged.language, staged.title, staged.description,
           staged.attributes, staged.price_cents, staged.currency, staged.photos
    FROM staged_listing AS staged
    JOIN listing ON listing.source = staged.source AND listing.source_ref = staged.source_ref
    WHERE (listing.seller_id, listing.category_id, listing.language, listing.title, listing.description,
           listing.attributes, listing.price_cents, listing.currency, listing.photos, listing.on_hand)
          IS DISTINCT FROM
          (staged.seller_id, staged.category_id, staged.language, staged.title, staged.description,
           staged.attributes, staged.price_cents, staged.currency, staged.photos,
           greatest(staged.on_hand, listing.allocated + listing.held))
    ORDER BY listing.id
    FOR UPDATE OF listing
), changed AS (
    UPDATE listing
    SET seller_id = differing.seller_id, category_id = differing.category_id, language = differing.language,
        title = differing.title, description = differing.description, attributes = differing.attributes,
        price_cents = differing.price_cents, currency = differing.currency, photos = differing.photos,
        on_hand = greatest(differing.on_hand, listing.allocated + listing.held),
        version = listing.version + 1, updated_at = now()
    FROM differing
    WHERE listing.id = differing.id
    RETURNING listing.id, listing.version, listing.seller_id, listing.category_id
)
INSERT INTO outbox (subject)
SELECT jsonb_build_object('kind', 'listing', 'id', id, 'version', version,
                          'seller_id', seller_id, 'category_id', category_id)
FROM changed
