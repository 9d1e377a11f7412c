-- The published listings that were chosen for the home page, in their order.
SELECT listing.id
FROM featured
JOIN listing ON listing.id = featured.listing_id
WHERE listing.status = 'published'
ORDER BY featured.position, listing.id
LIMIT $1
