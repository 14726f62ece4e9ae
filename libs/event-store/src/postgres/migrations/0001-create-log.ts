import type { Migration } from '@abland/postgres';

/**
 * `log` is one row that every append locks until it commits: positions are assigned in commit order and without gaps, and
 * a reader that sees a position sees all before it. The row is locked and not updated, so that a long transaction elsewhere
 * cannot make it collect dead versions.
 *
 * Events are kept as text, not jsonb: half the cost of an append, and the bytes that were hashed stay the bytes stored.
 * A unique index of a partitioned table must contain the position, so those on (stream, revision) are made a partition each.
 */
export const createLog: Migration = {
  name: '0001-create-log',
  sql: `
CREATE TABLE event_store.log (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  partition_size bigint NOT NULL DEFAULT 5000000 CHECK (partition_size > 0),
  partitioned_to bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 10);
CREATE UNIQUE INDEX log_is_one_row ON event_store.log ((true));
INSERT INTO event_store.log DEFAULT VALUES;

CREATE TABLE event_store.events (
  position bigint NOT NULL,
  revision bigint NOT NULL,
  recorded_at timestamptz(3) NOT NULL,
  event_id uuid NOT NULL,
  version integer NOT NULL,
  stream text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  metadata text COLLATE "C" NOT NULL,
  PRIMARY KEY (position)
) PARTITION BY RANGE (position);

CREATE TABLE event_store.streams (
  name text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL
) WITH (fillfactor = 80);

CREATE FUNCTION event_store.add_partition() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  lower bigint;
  upper bigint;
  part text;
BEGIN
  UPDATE event_store.log SET partitioned_to = partitioned_to + partition_size
    RETURNING partitioned_to - partition_size + 1, partitioned_to + 1 INTO lower, upper;
  part := 'events_from_' || lpad(lower::text, 19, '0');
  EXECUTE format('CREATE TABLE event_store.%I (LIKE event_store.events INCLUDING ALL)', part);
  EXECUTE format('CREATE UNIQUE INDEX ON event_store.%I (stream, revision)', part);
  EXECUTE format('CREATE INDEX ON event_store.%I (event_id)', part);
  EXECUTE format('ALTER TABLE event_store.events ATTACH PARTITION event_store.%I FOR VALUES FROM (%s) TO (%s)',
                 part, lower, upper);
END $$;
SELECT event_store.add_partition();
`,
};
