-- The newest published listings of some categories before the listing $2, priced between $3 and $4 when these are set.
-- Each category gives at most a page, straight from its own stretch of the index; the merge sorts these few rows.
SELECT page.id, NULL::bigint AS price_cents
FROM unnest($1::int []) AS wanted (category_id)
CROSS JOIN LATERAL (
    SELECT id
    FROM listing
    WHERE category_id = wanted.category_id
        AND status = 'published'
        AND id < $2
        AND ($3::bigint IS NULL OR price_cents >= $3)
        AND ($4::bigint IS NULL OR price_cents <= $4)
    ORDER BY id DESC
    LIMIT $5
) AS page
ORDER BY page.id DESC
LIMIT $5
