WITH shop AS (
    SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) AS shop (slug, name, description)
), added AS (
    INSERT INTO seller (slug, name, description)
    -- Existing ones are left out first: a conflict alone would still use up a number each time.
    SELECT slug, name, description FROM shop
    WHERE NOT EXISTS (SELECT FROM seller WHERE seller.slug = shop.slug)
    ON CONFLICT (slug) DO NOTHING
    RETURNING id
)
INSERT INTO outbox (subject)
SELECT jsonb_build_object('kind', 'seller', 'id', id) FROM added
