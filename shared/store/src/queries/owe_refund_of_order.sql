-- Owes back the payment that paid the order $1, for the reason $2.
INSERT INTO refund (payment_id, amount_cents, currency, reason)
SELECT id, amount_cents, currency, $2
FROM payment
WHERE order_id = $1
    AND pays
    AND amount_cents > 0
ON CONFLICT (payment_id) DO NOTHING
