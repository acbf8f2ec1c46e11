#!/bin/sh
# Copies the primary if there is nothing yet, then follows it. A replica that was away for too long
# says "requested WAL segment has already been removed": remove its volume, and it begins anew.
set -eu
if [ ! -s "$PGDATA/PG_VERSION" ]; then
    mkdir -p "$PGDATA"
    chmod 700 "$PGDATA"
    until pg_basebackup --pgdata "$PGDATA" --write-recovery-conf --checkpoint fast \
        --dbname "host=$PRIMARY_HOST port=$PRIMARY_PORT user=replicator password=$PGPASSWORD"; do
        find "$PGDATA" -mindepth 1 -delete
        sleep 2
    done
fi
exec postgres "$@"
