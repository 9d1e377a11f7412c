-- Published listings of some categories, the cheapest first, those without a price last.
-- Priced ones from $2 to $3 cents after the place ($4 cents, listing $5); unpriced ones after the listing $6 (the
-- highest number leaves them out). Each category gives at most a page of either kind, straight from the index.
SELECT page.id, page.price_cents
FROM unnest($1::int []) AS wanted (category_id)
CROSS JOIN LATERAL (
    (
        SELECT id, price_cents
        FROM listing
        WHERE category_id = wanted.category_id
            AND status = 'published'
            AND price_cents BETWEEN $2 AND $3
            AND (price_cents, id) > ($4, $5)
        ORDER BY price_cents, id
        LIMIT $7
    )
    UNION ALL
    (
        SELECT id, price_cents
        FROM listing
        WHERE category_id = wanted.category_id
            AND status = 'published'
            AND price_cents IS NULL
            AND id > $6
        ORDER BY price_cents, id
        LIMIT $7
    )
) AS page
ORDER BY page.price_cents NULLS LAST, page.id
LIMIT $7
