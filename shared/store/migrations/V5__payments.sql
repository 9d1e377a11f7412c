-- Payments: every attempt to pay an order, and what is given back of it.

CREATE TABLE payment (
    id            uuid        PRIMARY KEY,
    order_id      uuid        NOT NULL REFERENCES orders (id),
    state         text        NOT NULL DEFAULT 'started' CHECK (state IN ('started', 'captured', 'failed')),
    amount_cents  bigint      NOT NULL CHECK (amount_cents >= 0),
    currency      text        NOT NULL,
    -- Whether this is the payment that pays its order. Captured money that does not is owed back.
    pays          boolean     NOT NULL DEFAULT false,
    started_at    timestamptz NOT NULL DEFAULT now(),
    settled_at    timestamptz,
    -- When the provider is asked next, should it not have told by itself.
    next_check_at timestamptz NOT NULL DEFAULT now() + interval '30 seconds',
    CONSTRAINT payment_that_pays_is_captured CHECK (NOT pays OR state = 'captured'),
    CONSTRAINT payment_settled_has_a_time CHECK ((state = 'started') = (settled_at IS NULL))
);
CREATE INDEX payment_of_order ON payment (order_id);
-- Two clicks on "pay" are one payment, and no order is paid twice, whatever the code above believes.
CREATE UNIQUE INDEX payment_one_started ON payment (order_id) WHERE state = 'started';
CREATE UNIQUE INDEX payment_one_pays ON payment (order_id) WHERE pays;
CREATE INDEX payment_to_check ON payment (next_check_at) WHERE state = 'started';

-- Money owed back: one row for a payment at most, worked off until the provider has taken it.
CREATE TABLE refund (
    payment_id      uuid        PRIMARY KEY REFERENCES payment (id),
    amount_cents    bigint      NOT NULL CHECK (amount_cents > 0),
    currency        text        NOT NULL,
    reason          text        NOT NULL CHECK (reason IN ('order_cancelled', 'came_too_late', 'paid_twice', 'wrong_amount')),
    attempts        int         NOT NULL DEFAULT 0,
    next_attempt_at timestamptz NOT NULL DEFAULT now(),
    last_error      text,
    created_at      timestamptz NOT NULL DEFAULT now(),
    done_at         timestamptz
);
CREATE INDEX refund_to_do ON refund (next_attempt_at) WHERE done_at IS NULL;
