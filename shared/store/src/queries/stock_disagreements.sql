-- How many listings have stock that is not what their orders say, among those of the $1 moves that came last.
WITH moved AS (
    SELECT order_id
    FROM order_transition
    ORDER BY id DESC
    LIMIT $1
),

touched AS (
    SELECT DISTINCT listing_id
    FROM order_line
    WHERE order_id IN (SELECT order_id FROM moved)
),

promised AS (
    SELECT
        order_line.listing_id,
        coalesce(sum(order_line.quantity) FILTER (WHERE orders.state = 'paid'), 0) AS allocated,
        coalesce(sum(order_line.quantity) FILTER (WHERE orders.state = 'awaiting_payment'), 0) AS held
    FROM touched
    INNER JOIN order_line ON order_line.listing_id = touched.listing_id
    INNER JOIN orders ON orders.id = order_line.order_id
    GROUP BY order_line.listing_id
)

SELECT count(*)
FROM promised
INNER JOIN listing ON listing.id = promised.listing_id
WHERE
    listing.allocated + listing.held > listing.on_hand
    OR listing.allocated <> promised.allocated
    OR listing.held <> promised.held
