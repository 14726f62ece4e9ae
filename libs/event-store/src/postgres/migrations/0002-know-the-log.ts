import type { Migration } from '@abland/postgres';

/**
 * Whether the log is the one that somebody knows: it has the id, and at a position the event that was seen there, unless that was
 * detached since. Null for what is not known. A function, for the statement that appends may add a part to the log, and cannot
 * while it reads the log itself.
 */
export const knowTheLog: Migration = {
  name: '0002-know-the-log',
  sql: `
CREATE FUNCTION event_store.is_known(known_id uuid, known_position bigint, known_event uuid)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  RETURN (known_id IS NULL OR known_id = (SELECT id FROM event_store.log))
    AND (known_position IS NULL
      OR EXISTS (SELECT FROM event_store.events WHERE position = known_position AND event_id = known_event)
      OR known_position < (SELECT min(position) FROM event_store.events));
END $$;
`,
};
