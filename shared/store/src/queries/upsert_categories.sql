-- Parents and children come in one statement; its foreign keys are checked at its end.
INSERT INTO category (id, parent_id, slug, name_fr, name_en, position)
SELECT * FROM unnest($1::int [], $2::int [], $3::text [], $4::text [], $5::text [], $6::int [])
ON CONFLICT (id) DO UPDATE
SET parent_id = excluded.parent_id,
    slug = excluded.slug,
    name_fr = excluded.name_fr,
    name_en = excluded.name_en,
    position = excluded.position
