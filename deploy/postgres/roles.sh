#!/bin/sh
# Run once by a new primary: a role for the public, one for replicas, and where they may come from.
set -eu
psql -v ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" \
    -v reader="$READER_PASSWORD" -v replicator="$REPLICATOR_PASSWORD" <<'SQL'
CREATE ROLE reader LOGIN PASSWORD :'reader';
CREATE ROLE replicator LOGIN REPLICATION PASSWORD :'replicator';
SQL
echo "host replication replicator samenet scram-sha-256" >> "$PGDATA/pg_hba.conf"
