-- Placing: one leader at a time, a queue for those who found too little, and a bound on what one person may have.

-- Which leader may place. Every placing transaction of a leader shares a lock on this row and checks its term, so that
-- one whose time ran out writes nothing any more: it finds a later term, or the next one waits until it is done.
CREATE TABLE placing_lead (
    only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    term     bigint  NOT NULL DEFAULT 0
);
INSERT INTO placing_lead DEFAULT VALUES;

-- Orders that wait for pieces of one listing, in the order of the order log. A row is made, moved up and taken away only
-- by whoever has locked the listing.
CREATE TABLE waitlist (
    listing_id  bigint      NOT NULL REFERENCES listing (id),
    place       bigint      NOT NULL GENERATED ALWAYS AS IDENTITY,
    order_id    uuid        NOT NULL UNIQUE REFERENCES orders (id),
    pieces      int         NOT NULL CHECK (pieces > 0),
    -- How long its pieces are held once it is its turn, as promised when the order was placed.
    hold_for_ms bigint      NOT NULL CHECK (hold_for_ms >= 0),
    -- Nobody waits for ever.
    until       timestamptz NOT NULL,
    PRIMARY KEY (listing_id, place)
);

-- Whose order it is, as far as the bound on pieces for one person is concerned: the e-mail address in small letters.
ALTER TABLE orders ADD COLUMN buyer text;
CREATE INDEX orders_alive_of_buyer ON orders (buyer) WHERE state IN ('awaiting_payment', 'waitlisted', 'paid');

-- What the shopper wants written on it, or told to its maker.
ALTER TABLE order_line ADD COLUMN personalisation text CHECK (length(personalisation) <= 200);

-- When the seller sent this part.
ALTER TABLE seller_order ADD COLUMN sent_at timestamptz;
