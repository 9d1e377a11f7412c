-- Who waits for the listings $1, in the order of their coming.
SELECT listing_id, order_id, pieces, until <= clock_timestamp() AS is_over
FROM waitlist
WHERE listing_id = ANY ($1::bigint [])
ORDER BY listing_id, place
