-- Listings whose stock is not what the orders say, at one instant. Orders that are over say nothing about it, and they
-- become many.
SELECT listing.id, on_hand, listing.allocated, listing.held, promised.allocated, promised.held
FROM listing
LEFT JOIN (
    SELECT listing_id,
           sum(quantity) FILTER (WHERE state = 'paid') AS allocated,
           sum(quantity) FILTER (WHERE state = 'awaiting_payment') AS held
    FROM order_line
    JOIN orders ON orders.id = order_line.order_id
    WHERE state IN ('paid', 'awaiting_payment')
    GROUP BY listing_id
) AS promised ON promised.listing_id = listing.id
WHERE listing.allocated + listing.held > on_hand
    OR listing.allocated <> coalesce(promised.allocated, 0)
    OR listing.held <> coalesce(promised.held, 0);
