-- Claims the keys of a batch. A key that somebody else is just claiming is waited for; one that was claimed is left out.
-- Keys come sorted, and everybody claims in this order, so that nobody waits in a circle.
INSERT INTO orders (
    id, idempotency_key, fingerprint, state, language, contact, refusals, total_cents, currency, held_until,
    accepted_at, placed_at, buyer
)
SELECT *
FROM unnest(
    $1::uuid [], $2::text [], $3::bytea [], $4::text [], $5::text [], $6::jsonb [], $7::jsonb [], $8::bigint [],
    $9::text [], $10::timestamptz [], $11::timestamptz [], $12::timestamptz [], $13::text []
)
ON CONFLICT DO NOTHING
