INSERT INTO refund (payment_id, amount_cents, currency, reason)
VALUES ($1, $2, $3, $4)
ON CONFLICT (payment_id) DO NOTHING
