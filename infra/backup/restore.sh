#!/bin/sh
# Makes a data directory that, once started, replays the archive up to a moment and then takes writes: the database as it
# was, for instance, just before somebody deleted the wrong rows. It touches neither the backup nor the archive.
#
#   restore.sh BACKUP ARCHIVE MOMENT DATA PORT
#
#   MOMENT   such as '2026-11-22 20:59:00+00'
#
# Start it with: postgres -D DATA. It is ready when pg_is_in_recovery() says f.
set -eu
backup=$1 archive=$2 moment=$3 data=$4 port=$5
mkdir -m 700 "$data"
cp -R "$backup"/. "$data"
# The segment that the archive was writing last ends early; the server reads it as far as it goes.

from=$archive
cat >> "$data/postgresql.conf" <<SETTINGS

# Restored.
port = $port
restore_command = 'cp "$from/%f" "%p" 2>/dev/null || cp "$from/%f.partial" "%p"'
recovery_target_time = '$moment'
recovery_target_action = 'promote'
primary_conninfo = ''
SETTINGS
touch "$data/recovery.signal"
rm -f "$data/standby.signal"
