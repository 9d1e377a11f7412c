-- Listings with somebody whose wait is over, or who can get nothing any more, or whose turn it is already.
WITH waiting AS (
    SELECT waitlist.listing_id, waitlist.pieces, waitlist.until, listing.status, listing.price_cents,
           listing.on_hand - listing.allocated AS unpaid,
           listing.on_hand - listing.allocated - listing.held AS available,
           row_number() OVER (PARTITION BY waitlist.listing_id ORDER BY waitlist.place) AS place
    FROM waitlist
    JOIN listing ON listing.id = waitlist.listing_id
)
SELECT DISTINCT listing_id
FROM waiting
WHERE until <= now()
    OR pieces > unpaid
    OR status <> 'published'
    OR price_cents IS NULL
    OR (place = 1 AND pieces <= available)
ORDER BY listing_id
LIMIT $1
