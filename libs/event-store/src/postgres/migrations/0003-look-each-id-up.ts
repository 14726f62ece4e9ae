import type { Migration } from '@abland/postgres';

/**
 * The two ways to append, as they were, but for how they look for ids that are stored already: each by itself, by the index of ids (which
 * OFFSET 0 sees to, and that sequential scans are off where appends are made). Of a log that was not analyzed yet the planner thinks that
 * it has each id hundreds of times, and went through all of it with each append.
 */
export const lookEachIdUp: Migration = {
  name: '0003-look-each-id-up',
  sql: `
CREATE OR REPLACE FUNCTION event_store.append_expected(
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
      CROSS JOIN LATERAL (SELECT FROM event_store.events WHERE event_id = id OFFSET 0) AS stored) THEN
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

CREATE OR REPLACE FUNCTION event_store.end_append(
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
      CROSS JOIN LATERAL (SELECT position FROM event_store.events WHERE event_id = id OFFSET 0) AS stored
      WHERE stored.position <= expected_head))
  THEN
    RAISE EXCEPTION 'the log is not where it was expected to be' USING ERRCODE = 'AB001';
  END IF;
  PERFORM pg_notify('event_store', (expected_head + appended)::text);
END $$;
`,
};
