-- The newest published listings of some categories before the listing $2, priced between $3 and $4 when these are set.
-- Each category gives at most a page, straight from its own stretch of the index; the merge sorts these few rows.
-- The pair is compared, and sorted by, as a whole because only the category's index has it: sorted by id alone, the
-- planner sometimes walks the primary key instead and reads everything before it finds a page of a small category.
-- With price limits, a page reads its category until it is full.
SELECT page.id, NULL::bigint AS price_cents
FROM unnest($1::int []) AS wanted (category_id)
CROSS JOIN LATERAL (
    SELECT id
    FROM listing
    WHERE (category_id, id) < (wanted.category_id, $2)
        AND category_id >= wanted.category_id
        AND status = 'published'
        AND ($3::bigint IS NULL OR price_cents >= $3)
        AND ($4::bigint IS NULL OR price_cents <= $4)
    ORDER BY category_id DESC, id DESC
    LIMIT $5
) AS page
ORDER BY page.id DESC
LIMIT $5
