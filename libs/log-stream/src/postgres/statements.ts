/** No row where a higher epoch has claimed. It waits for the topic's row: what another was about to append is there, or never will be. */
export const CLAIM = {
  name: 'log_stream_claim',
  text: `INSERT INTO log_stream.topics AS topic (name, epoch, claims) VALUES ($1, $2, 1)
    ON CONFLICT (name) DO UPDATE SET epoch = $2, claims = topic.claims + 1 WHERE topic.epoch <= $2
    RETURNING claims`,
};

/**
 * The topic's row is locked until commit, so that offsets are gapless and visible in order. No row, and nothing stored, where another
 * publishes: $3 is the publisher's epoch, $4 its claim, null without one. $5 are the $2 values, joined by newlines, which JSON text never
 * contains raw. All in one statement, since whoever waits for a block waits for each round trip.
 */
export const PUBLISH = {
  name: 'log_stream_publish',
  text: `WITH reserved AS (
      INSERT INTO log_stream.topics AS topic (name, last_offset) VALUES ($1, $2::bigint)
      ON CONFLICT (name) DO UPDATE SET last_offset = topic.last_offset + $2::bigint
        WHERE topic.epoch = $3 AND ($4::bigint IS NULL OR topic.claims = $4)
      RETURNING id, last_offset
    ), stored AS (
      INSERT INTO log_stream.messages (topic_id, message_offset, value)
      SELECT reserved.id, reserved.last_offset - $2::bigint + place, value
      FROM reserved, unnest(string_to_array($5, E'\\n')) WITH ORDINALITY AS new (value, place)
    )
    SELECT last_offset, pg_notify('log_stream', $1) FROM reserved`,
};

export const READ_EPOCH = {
  name: 'log_stream_read_epoch',
  text: `SELECT epoch FROM log_stream.topics WHERE name = $1`,
};

/** The oldest message kept and the newest; no row where the topic is unknown. */
export const READ_BOUNDS = {
  name: 'log_stream_read_bounds',
  text: `SELECT topic.last_offset,
      (SELECT min(message_offset) FROM log_stream.messages WHERE topic_id = topic.id) AS first_offset
    FROM log_stream.topics topic WHERE name = $1`,
};

/** At most $3 messages, and no more once they have $4 bytes. */
export const READ_MESSAGES = {
  name: 'log_stream_read_messages',
  text: `SELECT message_offset, value, (SELECT last_offset FROM log_stream.topics WHERE name = $1) AS newest FROM (
      SELECT message_offset, value, sum(octet_length(value)) OVER (ORDER BY message_offset) - octet_length(value) AS bytes_before
      FROM (
        SELECT message_offset, value FROM log_stream.messages
        WHERE topic_id = (SELECT id FROM log_stream.topics WHERE name = $1) AND message_offset > $2
        ORDER BY message_offset LIMIT $3
      ) AS next
    ) AS measured
    WHERE bytes_before < $4 ORDER BY message_offset`,
};

export const READ_LAST = {
  name: 'log_stream_read_last',
  text: `SELECT message_offset, value FROM log_stream.messages
    WHERE topic_id = (SELECT id FROM log_stream.topics WHERE name = $1)
    ORDER BY message_offset DESC LIMIT 1`,
};

/** The newest message stays, whatever is asked: it tells a publisher where it was. */
export const TRIM = {
  name: 'log_stream_trim',
  text: `DELETE FROM log_stream.messages AS message USING log_stream.topics AS topic
    WHERE topic.name = $1 AND message.topic_id = topic.id
      AND message.message_offset <= $2 AND message.message_offset < topic.last_offset`,
};
