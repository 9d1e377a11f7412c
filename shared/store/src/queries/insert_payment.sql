INSERT INTO payment (id, order_id, amount_cents, currency)
VALUES ($1, $2, $3, $4)
RETURNING started_at
