#!/bin/sh
# Keeps an archive of everything that the primary writes, from now on, second by second. Runs until it is stopped; started
# again, it goes on where it was, because the primary keeps for it what it has not fetched.
#
#   archive.sh ARCHIVE
#
# The primary is found through PGHOST, PGPORT, PGUSER and PGPASSWORD: a role that may replicate. PGBIN says where
# PostgreSQL's programs are. Start it before the first base backup: a backup is worth what the archive reaches.
set -eu
archive=$1
bin=${PGBIN:+$PGBIN/}
mkdir -p "$archive"
"${bin}pg_receivewal" --create-slot --if-not-exists --slot halles_archive --no-password
exec "${bin}pg_receivewal" --directory "$archive" --slot halles_archive --no-password --synchronous
