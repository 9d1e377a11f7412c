#!/bin/bash
# Runs once, when the primary's data directory is new: roles, their passwords, and the standby's slot.
set -euo pipefail

psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
    --set owner="$HALLES_OWNER_PASSWORD" --set read="$HALLES_READ_PASSWORD" \
    --set write="$HALLES_WRITE_PASSWORD" --set replica="$HALLES_REPLICA_PASSWORD" <<'SQL'
CREATE ROLE halles_owner LOGIN PASSWORD :'owner';
CREATE ROLE halles_read LOGIN PASSWORD :'read';
CREATE ROLE halles_write LOGIN PASSWORD :'write';
CREATE ROLE halles_replica LOGIN REPLICATION PASSWORD :'replica';
CREATE DATABASE halles OWNER halles_owner;
SELECT pg_create_physical_replication_slot('halles_replica');
SQL

echo "host replication halles_replica all scram-sha-256" >> "$PGDATA/pg_hba.conf"
