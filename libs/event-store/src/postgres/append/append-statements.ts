import { isKnown } from '../known/is-known.js';

/** Separates joined values; JSON text, names, ids and numbers never contain it raw. */
export const SEPARATOR = '\n';

/**
 * The whole append in one round trip, where nothing is in its way; the function says what the first eleven parameters are. No row
 * where the log is another than the one that is known: it is held from before it is looked at, and can be emptied only after that.
 */
export const APPEND_EXPECTED = {
  name: 'event_store_append_expected',
  text: `SELECT event_store.append_expected($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) AS outcome
    FROM (SELECT FROM event_store.log FOR UPDATE) AS log WHERE ${isKnown(12)}`,
};

/**
 * Takes the lock for a group that was written ahead of it; the function says what the first five parameters are. Where the log is
 * another than the one that is known, it is not where the group expects it to be.
 */
export const END_APPEND = {
  name: 'event_store_end_append',
  text: `SELECT event_store.end_append($1, $2, $3,
      CASE WHEN ${isKnown(6)} THEN $4::bigint ELSE -1 END, $5)`,
};

/** Held until commit: whoever has it is the only one to assign positions. */
export const LOCK_LOG = {
  name: 'event_store_lock_log',
  text: 'SELECT partition_size, partitioned_to FROM event_store.log FOR UPDATE',
};

/** The same, and whether it is the one that is known. */
export const LOCK_KNOWN_LOG = {
  name: 'event_store_lock_known_log',
  text: `SELECT partition_size, partitioned_to, ${isKnown(1)} AS known FROM event_store.log FOR UPDATE`,
};

/** Recorded times never go back, whatever the clock does. */
export const READ_LAST = {
  name: 'event_store_read_last',
  text: `SELECT position, greatest(recorded_at, clock_timestamp())::timestamptz(3)::text AS recorded_at
    FROM event_store.events ORDER BY position DESC LIMIT 1`,
};

/** Null where a stream does not exist. */
export const READ_REVISIONS = {
  name: 'event_store_read_revisions',
  text: `SELECT name, coalesce(
      (SELECT revision FROM event_store.events WHERE stream = name AND run_length > 0 ORDER BY revision DESC LIMIT 1),
      (SELECT revision FROM event_store.detached_streams known WHERE known.name = wanted.name)) AS revision
    FROM unnest(string_to_array($1, E'\\n')) AS wanted (name)`,
};

export const FIND_STORED = {
  name: 'event_store_find_stored',
  text: `SELECT stored.*
    FROM unnest(string_to_array($1, E'\\n')::uuid[]) AS wanted (id)
    CROSS JOIN LATERAL (
      SELECT stream, event_id, revision, position FROM event_store.events WHERE event_id = id OFFSET 0
    ) AS stored`,
};

export const ADD_PARTITION = {
  name: 'event_store_add_partition',
  text: 'SELECT event_store.add_partition()',
};

/** Positions follow $1 in the order of the joined values. */
export const INSERT_EVENTS = {
  name: 'event_store_insert_events',
  text: `INSERT INTO event_store.events
      (position, recorded_at, stream, revision, run_length, event_id, type, version, data, metadata)
    SELECT $1::bigint + place, coalesce($2::timestamptz, clock_timestamp()),
      stream, revision::bigint, run::integer, event_id::uuid, type, version::integer, data, metadata
    FROM unnest(string_to_array($3, E'\\n'), string_to_array($4, E'\\n'), string_to_array($5, E'\\n'),
      string_to_array($6, E'\\n'), string_to_array($7, E'\\n'), string_to_array($8, E'\\n'), string_to_array($9, E'\\n'),
      string_to_array($10, E'\\n'))
      WITH ORDINALITY AS new (stream, revision, run, event_id, type, version, data, metadata, place)`,
};

/** Delivered at commit: the new end of the log. */
export const NOTIFY = {
  name: 'event_store_notify',
  text: `SELECT pg_notify('event_store', $1)`,
};
