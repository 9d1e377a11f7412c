SELECT id, parent_id, slug, name_fr, name_en, position
FROM category
