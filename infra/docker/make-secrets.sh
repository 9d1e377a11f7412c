#!/bin/sh
# Writes .env for docker compose: a secret of its own for each place. What is there already stays.
set -eu
cd "$(dirname "$0")/../.."
umask 077
touch .env
for name in POSTGRES_PASSWORD HALLES_OWNER_PASSWORD HALLES_READ_PASSWORD HALLES_WRITE_PASSWORD HALLES_REPLICA_PASSWORD \
    HALLES_SIGNING_SECRET HALLES_RUNG_TOKEN HALLES_PAYMENT_API_KEY HALLES_PAYMENT_NOTICE_SECRET GRAFANA_PASSWORD; do
    grep -q "^$name=" .env || echo "$name=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')" >> .env
done
echo ".env is there"
