import type { Migration } from '@abland/postgres';

/**
 * `log` is one row that every append locks until it commits: positions are assigned in commit order and without gaps, and
 * a reader that sees a position sees all before it. The row is locked and not updated, so that a long transaction elsewhere
 * cannot make it collect dead versions; for the same reason a stream's revision is read from its last event and kept nowhere.
 *
 * Events are kept as text, not jsonb: half the cost of an append, and the bytes that were hashed stay the bytes stored.
 * A unique index of a partitioned table must contain the position, so those on (stream, revision) are made a partition each.
 * Events of one stream that are stored together are a run: their positions and revisions follow each other. Only the last
 * event of a run is in that index, with how many they are; the others have 0 there. Of appends of many events that index was
 * the costliest part. Two appends to one revision are kept apart by the log's lock and by positions, which are unique; by
 * this index only where their runs end at the same revision.
 * Ids are hashed in their index because they are random: a B-tree of them costs more the larger it grows.
 *
 * Large groups are written ahead of the lock: their rows are copied in at the positions that follow an expected head, and
 * `end_append` takes the lock only to see whether the log is still where it was expected to be. Of two such transactions that
 * came to the same place only one can commit.
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
  recorded_at timestamptz(3) NOT NULL DEFAULT statement_timestamp(),
  event_id uuid NOT NULL,
  version integer NOT NULL,
  run_length integer NOT NULL DEFAULT 1,
  stream text COLLATE "C" NOT NULL,
  type text COLLATE "C" NOT NULL,
  data text COLLATE "C" NOT NULL,
  metadata text COLLATE "C" NOT NULL,
  PRIMARY KEY (position)
) PARTITION BY RANGE (position);

-- Revisions that streams had reached in parts that were detached.
CREATE TABLE event_store.detached_streams (
  name text COLLATE "C" PRIMARY KEY,
  revision bigint NOT NULL
);

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
  EXECUTE format('CREATE UNIQUE INDEX ON event_store.%I (stream, revision) WHERE run_length > 0', part);
  EXECUTE format('CREATE INDEX ON event_store.%I USING hash (event_id)', part);
  EXECUTE format('ALTER TABLE event_store.events ATTACH PARTITION event_store.%I FOR VALUES FROM (%s) TO (%s)',
                 part, lower, upper);
END $$;
SELECT event_store.add_partition();

-- Appends a group whose every stream is as expected and none of whose ids is stored: one statement, one round trip. Where
-- that is not so it changes nothing and returns null, and the caller decides append by append.
-- expected: a revision, -1 no stream, -2 any, -3 an existing stream; what follows places is a column of the events each,
-- all joined by newlines. Returns the head before the group and the revisions that the streams had.
CREATE FUNCTION event_store.append_expected(
  joined_streams text, joined_expected text, joined_checked_ids text,
  joined_places text, joined_offsets text, joined_runs text, joined_ids text, joined_types text, joined_versions text,
  joined_data text, joined_metadata text
) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  log record;
  head bigint;
  recorded timestamptz;
  new_places text[] := string_to_array(joined_places, E'\\n');
  names text[] := string_to_array(joined_streams, E'\\n');
  wanted bigint[] := string_to_array(joined_expected, E'\\n');
  actual bigint[];
  end_of_log bigint;
BEGIN
  SELECT partition_size, partitioned_to INTO log FROM event_store.log FOR UPDATE;
  SELECT array_agg(coalesce(
      (SELECT revision FROM event_store.events WHERE stream = name AND run_length > 0 ORDER BY revision DESC LIMIT 1),
      (SELECT revision FROM event_store.detached_streams known WHERE known.name = listed.name), -1) ORDER BY place)
    INTO actual FROM unnest(names) WITH ORDINALITY AS listed (name, place);
  IF EXISTS (SELECT 1 FROM unnest(wanted, actual) AS pair (w, a)
      WHERE w <> a AND w <> -2 AND NOT (w = -3 AND a >= 0)) THEN
    RETURN NULL;
  END IF;
  IF joined_checked_ids <> '' AND EXISTS (
      SELECT 1 FROM unnest(string_to_array(joined_checked_ids, E'\\n')::uuid[]) AS checked (id)
      JOIN event_store.events ON event_id = id) THEN
    RETURN NULL;
  END IF;
  SELECT position, recorded_at INTO head, recorded FROM event_store.events ORDER BY position DESC LIMIT 1;
  head := coalesce(head, 0);
  recorded := greatest(recorded, clock_timestamp());
  end_of_log := head + cardinality(new_places);
  WHILE log.partitioned_to < end_of_log + log.partition_size / 2 LOOP
    PERFORM event_store.add_partition();
    log.partitioned_to := log.partitioned_to + log.partition_size;
  END LOOP;
  INSERT INTO event_store.events
      (position, recorded_at, stream, revision, run_length, event_id, type, version, data, metadata)
    SELECT head + place, recorded, names[at::integer],
      actual[at::integer] + off::bigint, run::integer, id::uuid, kind, v::integer, d, m
    FROM unnest(new_places, string_to_array(joined_offsets, E'\\n'), string_to_array(joined_runs, E'\\n'),
      string_to_array(joined_ids, E'\\n'), string_to_array(joined_types, E'\\n'), string_to_array(joined_versions, E'\\n'),
      string_to_array(joined_data, E'\\n'), string_to_array(joined_metadata, E'\\n'))
      WITH ORDINALITY AS new (at, off, run, id, kind, v, d, m, place);
  PERFORM pg_notify('event_store', end_of_log::text);
  RETURN head || E'\\n' || array_to_string(actual, E'\\n');
END $$;

-- The last statement of a transaction that has written \`appended\` events after the position \`expected_head\`. Takes the log's lock
-- until commit; where somebody has it, where the log or a stream is not where it was expected to be, where an id is stored
-- already, a recorded time would go back or a part must be added, the transaction fails and nothing is stored.
-- expected: the revision that each stream had before, -1 where it did not exist.
CREATE FUNCTION event_store.end_append(
  joined_streams text, joined_expected text, joined_checked_ids text, expected_head bigint, appended bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  log record;
BEGIN
  SELECT partition_size, partitioned_to INTO log FROM event_store.log FOR UPDATE NOWAIT;
  IF log.partitioned_to < expected_head + appended + log.partition_size / 2
    OR (SELECT max(position) FROM event_store.events) IS DISTINCT FROM expected_head + appended
    OR (expected_head > 0 AND NOT EXISTS (
      SELECT 1 FROM event_store.events last JOIN event_store.events next ON next.position = expected_head + 1
        WHERE last.position = expected_head AND last.recorded_at <= next.recorded_at))
    OR EXISTS (
      SELECT 1 FROM unnest(string_to_array(joined_streams, E'\\n'), string_to_array(joined_expected, E'\\n')::bigint[])
        AS listed (name, base)
      WHERE base <> coalesce(
        (SELECT revision FROM event_store.events
          WHERE stream = name AND run_length > 0 AND position <= expected_head ORDER BY revision DESC LIMIT 1),
        (SELECT revision FROM event_store.detached_streams known WHERE known.name = listed.name), -1))
    OR (joined_checked_ids <> '' AND EXISTS (
      SELECT 1 FROM unnest(string_to_array(joined_checked_ids, E'\\n')::uuid[]) AS checked (id)
      JOIN event_store.events ON event_id = id AND position <= expected_head))
  THEN
    RAISE EXCEPTION 'the log is not where it was expected to be' USING ERRCODE = 'AB001';
  END IF;
  PERFORM pg_notify('event_store', (expected_head + appended)::text);
END $$;

-- Up to \`most\` events of a stream from a revision on (null: its end), in no order. Only the last event of each run is in the
-- index: those in the range, and the first one beyond it, lead by their positions to the others. A function, so that it is
-- planned once and not each time. Fails with AB002 where some of what is wanted is in a part that was detached.
CREATE FUNCTION event_store.stream_page(wanted text, start bigint, most bigint, backward boolean)
RETURNS SETOF event_store.events LANGUAGE plpgsql STABLE ROWS 100
SET plan_cache_mode = force_generic_plan SET enable_seqscan = off SET jit = off AS $$
DECLARE
  detached bigint := (SELECT revision FROM event_store.detached_streams WHERE name = wanted);
  low bigint := start;
  high bigint;
BEGIN
  IF backward THEN
    high := least(start, coalesce((SELECT revision FROM event_store.events
      WHERE stream = wanted AND run_length > 0 ORDER BY revision DESC LIMIT 1), detached));
    low := high - most + 1;
  ELSE
    high := low + most - 1;
  END IF;
  IF detached >= low THEN
    RAISE EXCEPTION 'events of stream % are in a part of the log that is detached', wanted USING ERRCODE = 'AB002';
  END IF;
  RETURN QUERY
    WITH ends AS MATERIALIZED (
      (SELECT * FROM event_store.events WHERE stream = wanted AND run_length > 0 AND revision BETWEEN low AND high)
      UNION ALL
      (SELECT * FROM event_store.events WHERE stream = wanted AND run_length > 0 AND revision > high
        ORDER BY revision LIMIT 1)
    )
    SELECT * FROM ends WHERE revision <= high
    UNION ALL
    SELECT others.* FROM ends JOIN event_store.events AS others ON others.position BETWEEN
        ends.position - least(ends.run_length - 1, ends.revision - low)
        AND ends.position - greatest(1, ends.revision - high)
      WHERE ends.run_length > 1;
END $$;

-- Takes the oldest part out of the log, whose streams go on without it; gives the part's name.
CREATE FUNCTION event_store.detach_oldest_partition() RETURNS text LANGUAGE plpgsql AS $$
DECLARE
  part text;
BEGIN
  PERFORM 1 FROM event_store.log FOR UPDATE;
  SELECT relname INTO part FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = 'event_store.events'::regclass ORDER BY relname LIMIT 1;
  IF NOT EXISTS (SELECT 1 FROM event_store.events WHERE tableoid <> format('event_store.%I', part)::regclass) THEN
    RAISE EXCEPTION 'the part with the end of the log cannot be detached';
  END IF;
  EXECUTE format('INSERT INTO event_store.detached_streams AS known
    SELECT stream, max(revision) FROM event_store.%I GROUP BY stream
    ON CONFLICT (name) DO UPDATE SET revision = excluded.revision', part);
  EXECUTE format('ALTER TABLE event_store.events DETACH PARTITION event_store.%I', part);
  RETURN part;
END $$;

-- Takes back the part that was detached last: its streams can be read again.
CREATE FUNCTION event_store.attach_partition(part text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  next text;
BEGIN
  PERFORM 1 FROM event_store.log FOR UPDATE;
  SELECT min(relname) INTO next FROM pg_inherits JOIN pg_class ON oid = inhrelid
    WHERE inhparent = 'event_store.events'::regclass;
  EXECUTE format('ALTER TABLE event_store.events ATTACH PARTITION event_store.%I FOR VALUES FROM (%s) TO (%s)',
    part, right(part, 19)::bigint, right(next, 19)::bigint);
  IF (SELECT min(position) FROM event_store.events WHERE position >= right(next, 19)::bigint)
    IS DISTINCT FROM (SELECT max(position) + 1 FROM event_store.events WHERE position < right(next, 19)::bigint) THEN
    RAISE EXCEPTION 'between % and % another part is missing, or events are', part, next;
  END IF;
  EXECUTE format('UPDATE event_store.detached_streams SET revision = first - 1
    FROM (SELECT stream, min(revision) AS first FROM event_store.%I GROUP BY stream) AS attached WHERE stream = name', part);
  DELETE FROM event_store.detached_streams WHERE revision < 0;
END $$;
`,
};
