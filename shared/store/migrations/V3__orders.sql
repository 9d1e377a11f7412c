-- Orders: placed from the order log, each exactly once.

CREATE TABLE orders (
    id              uuid        PRIMARY KEY,
    idempotency_key text        NOT NULL,
    fingerprint     bytea       NOT NULL,
    state           text        NOT NULL CHECK (state IN ('awaiting_payment', 'waitlisted', 'refused', 'paid', 'expired', 'cancelled')),
    language        text        NOT NULL CHECK (language IN ('fr', 'en')),
    contact         jsonb       NOT NULL,
    refusals        jsonb       NOT NULL DEFAULT '[]',
    total_cents     bigint,
    currency        text,
    held_until      timestamptz,
    accepted_at     timestamptz NOT NULL,
    placed_at       timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT orders_one_per_key UNIQUE (idempotency_key),
    CONSTRAINT orders_total_has_currency CHECK ((total_cents IS NULL) = (currency IS NULL)),
    CONSTRAINT orders_hold_has_an_end CHECK (state <> 'awaiting_payment' OR held_until IS NOT NULL)
);
CREATE INDEX orders_hold_ends ON orders (held_until) WHERE state = 'awaiting_payment';

-- The part of an order that one seller fulfils.
CREATE TABLE seller_order (
    order_id    uuid   NOT NULL REFERENCES orders (id),
    seller_id   bigint NOT NULL REFERENCES seller (id),
    total_cents bigint NOT NULL,
    PRIMARY KEY (order_id, seller_id)
);
CREATE INDEX seller_order_of_seller ON seller_order (seller_id);

CREATE TABLE order_line (
    order_id         uuid   NOT NULL,
    listing_id       bigint NOT NULL REFERENCES listing (id),
    seller_id        bigint NOT NULL,
    title            text   NOT NULL,
    quantity         int    NOT NULL CHECK (quantity > 0),
    unit_price_cents bigint NOT NULL,
    PRIMARY KEY (order_id, listing_id),
    FOREIGN KEY (order_id, seller_id) REFERENCES seller_order (order_id, seller_id)
);
CREATE INDEX order_line_of_listing ON order_line (listing_id);

-- Every move of every order, with what caused it.
CREATE TABLE order_transition (
    id         bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    order_id   uuid        NOT NULL REFERENCES orders (id),
    from_state text,
    to_state   text        NOT NULL,
    cause      text        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX order_transition_of_order ON order_transition (order_id);
