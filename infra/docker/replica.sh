#!/bin/bash
# Copies the primary when the data directory is new, then streams from it.
set -euo pipefail

export PGPASSWORD="$HALLES_REPLICA_PASSWORD"
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    install --directory --owner=postgres --group=postgres --mode=700 "$PGDATA"
    gosu postgres pg_basebackup --pgdata "$PGDATA" --wal-method stream --checkpoint fast --slot halles_replica \
        --host primary --username halles_replica --no-password --write-recovery-conf
fi
exec gosu postgres postgres -c hot_standby_feedback=on -c wal_retrieve_retry_interval=200ms \
    -c max_connections=300 -c wal_receiver_status_interval=1s
