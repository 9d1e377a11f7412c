-- The provider has the money of the payment $1; $2 says whether it pays its order.
UPDATE payment
SET state = 'captured', pays = $2, settled_at = now()
WHERE id = $1
