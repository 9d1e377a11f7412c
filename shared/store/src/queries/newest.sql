-- The newest published listings of all.
SELECT id FROM listing
WHERE status = 'published'
ORDER BY id DESC
LIMIT $1
