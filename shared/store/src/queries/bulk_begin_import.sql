CREATE TEMP TABLE IF NOT EXISTS staged_listing (LIKE listing INCLUDING DEFAULTS);
-- The default of an identity column is not copied; the number here is the line in the file.
CREATE TEMP TABLE IF NOT EXISTS seen_reference (source text, source_ref text, PRIMARY KEY (source, source_ref));
TRUNCATE staged_listing, seen_reference
