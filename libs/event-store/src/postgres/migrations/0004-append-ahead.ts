import type { Migration } from '@abland/postgres';

/**
 * Appends that are written before the lock is held: their rows are copied in at the positions that follow an expected head,
 * and `end_append` takes the lock only to see whether the log is still where it was expected to be. Positions are unique, and
 * so are revisions within a part, so that of two such transactions that came to the same place only one can commit.
 */
export const appendAhead: Migration = {
  name: '0004-append-ahead',
  sql: `
ALTER TABLE event_store.events ALTER recorded_at SET DEFAULT statement_timestamp();

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
      WHERE EXISTS (SELECT 1 FROM event_store.events
          WHERE stream = name AND revision = base + 1 AND position <= expected_head)
        OR (base >= 0) <> (
          EXISTS (SELECT 1 FROM event_store.events WHERE stream = name AND revision = base AND position <= expected_head)
          OR EXISTS (SELECT 1 FROM event_store.detached_streams known
            WHERE known.name = listed.name AND (base = -1 OR known.revision = base))))
    OR (joined_checked_ids <> '' AND EXISTS (
      SELECT 1 FROM unnest(string_to_array(joined_checked_ids, E'\\n')::uuid[]) AS checked (id)
      JOIN event_store.events ON event_id = id AND position <= expected_head))
  THEN
    RAISE EXCEPTION 'the log is not where it was expected to be' USING ERRCODE = 'AB001';
  END IF;
  PERFORM pg_notify('event_store', (expected_head + appended)::text);
END $$;
`,
};
