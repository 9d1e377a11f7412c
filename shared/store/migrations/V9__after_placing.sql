-- After placing: sellers send what was paid, shoppers hear that their time runs out, and what is over is forgotten.

-- A seller's parts. With the order in it, so that whoever looks for one part of a seller from whom everybody buys finds
-- that one by this index, too, and does not go through all of them.
CREATE INDEX seller_order_by_seller ON seller_order (seller_id, order_id);
DROP INDEX seller_order_of_seller;

-- Up to which end of a hold shoppers have been told that it is near; one row.
CREATE TABLE reminder_position (
    only_row   boolean     PRIMARY KEY DEFAULT true CHECK (only_row),
    held_until timestamptz NOT NULL DEFAULT '-infinity'
);
INSERT INTO reminder_position DEFAULT VALUES;

-- When it was forgotten who ordered. Looked for by age, now and then: a few pages of an index that costs an insert nothing.
ALTER TABLE orders ADD COLUMN erased_at timestamptz;
CREATE INDEX orders_by_age ON orders USING brin (placed_at);

-- The rows of an order are written together, from one list of orders, by whoever has locked their listings; and none of
-- them is ever deleted. Checking each of them against rows that the same transaction has just written, or locked, was half
-- the cost of placing. What is written alone (payments, refunds, places in queues) keeps its foreign keys.
ALTER TABLE seller_order DROP CONSTRAINT seller_order_order_id_fkey;
ALTER TABLE seller_order DROP CONSTRAINT seller_order_seller_id_fkey;
ALTER TABLE order_line DROP CONSTRAINT order_line_order_id_seller_id_fkey;
ALTER TABLE order_line DROP CONSTRAINT order_line_listing_id_fkey;
ALTER TABLE order_transition DROP CONSTRAINT order_transition_order_id_fkey;

-- The other half of those foreign keys, which costs nothing: nobody who serves shoppers can delete what orders speak of.
DO $$
BEGIN
    IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'halles_write') THEN
        REVOKE DELETE ON orders, seller_order, order_line, order_transition, listing, seller FROM halles_write;
    END IF;
END
$$;
