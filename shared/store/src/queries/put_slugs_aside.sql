-- Categories may swap their names in addresses: unique for a moment, whatever comes next. No slug has a slash.
UPDATE category
SET slug = '/' || id
WHERE id = ANY ($1::int [])
