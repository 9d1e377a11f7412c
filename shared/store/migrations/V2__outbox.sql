-- Changes, written in the transaction that makes them and published later.

-- `transaction` lets readers keep behind every transaction that is still running: the identity column alone would
-- let a late commit appear behind a reader's place.
CREATE TABLE outbox (
    id          bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    transaction xid8        NOT NULL DEFAULT pg_current_xact_id(),
    subject     jsonb       NOT NULL,
    created_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX outbox_in_order ON outbox (transaction, id);

-- How far the relay has published; one row.
CREATE TABLE relay_position (
    only_row    boolean PRIMARY KEY DEFAULT true CHECK (only_row),
    transaction xid8    NOT NULL DEFAULT '0',
    row         bigint  NOT NULL DEFAULT 0
);
INSERT INTO relay_position DEFAULT VALUES;
