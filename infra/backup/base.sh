#!/bin/sh
# Copies the primary while it works. Together with the archive it can be restored to any later moment.
#
#   base.sh BACKUP
#
# The primary is found as in archive.sh.
set -eu
backup=$1
"${PGBIN:+$PGBIN/}pg_basebackup" --pgdata "$backup" --wal-method none --checkpoint fast --no-password
echo "base backup in $backup"
