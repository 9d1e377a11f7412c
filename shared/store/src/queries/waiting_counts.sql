-- How many orders wait for each of the listings $1.
SELECT listing_id, count(*) AS waiting
FROM waitlist
WHERE listing_id = ANY ($1::bigint [])
GROUP BY listing_id
