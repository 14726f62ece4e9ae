#!/bin/sh
# A streaming replica: copies the primary once, then follows it by a slot of its own.
set -eu
PGPASSWORD=$(cat "$PGPASSWORD_FILE")
export PGPASSWORD
if [ ! -s "$PGDATA/PG_VERSION" ]; then
  rm -rf "${PGDATA:?}"/*
  mkdir -p "$PGDATA"
  chmod 700 "$PGDATA"
  # A slot that an earlier attempt made is taken again.
  pg_basebackup --host="$PRIMARY" --username=replicator --pgdata="$PGDATA" --wal-method=stream --write-recovery-conf \
    --slot=replica --create-slot ||
    { rm -rf "${PGDATA:?}"/* && pg_basebackup --host="$PRIMARY" --username=replicator --pgdata="$PGDATA" --wal-method=stream \
      --write-recovery-conf --slot=replica; }
fi
# Queries of the API end within 8 seconds: what they read is not taken from under them by then.
exec postgres -c hot_standby=on -c hot_standby_feedback=on -c max_standby_streaming_delay=15s -c max_connections=200
