-- Category numbers are not generated: the caller holds a lock that keeps others from taking the same one.
WITH added AS (
    INSERT INTO category (id, parent_id, slug, name_fr, name_en, position)
    SELECT (SELECT coalesce(max(id), 0) + 1 FROM category),
           (SELECT id FROM category WHERE slug = $2::text),
           $1::text, $3::text, $4::text, $5::int
    ON CONFLICT (slug) DO NOTHING
    RETURNING id
)
SELECT id, true FROM added
UNION ALL
SELECT id, false FROM category WHERE slug = $1::text
