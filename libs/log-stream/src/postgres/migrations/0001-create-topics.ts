import type { Migration } from '@abland/postgres';

export const createTopics: Migration = {
  name: '0001-create-topics',
  sql: `
CREATE TABLE log_stream.topics (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text COLLATE "C" NOT NULL UNIQUE,
  last_offset bigint NOT NULL DEFAULT 0
) WITH (fillfactor = 50);

CREATE TABLE log_stream.messages (
  topic_id integer NOT NULL REFERENCES log_stream.topics,
  message_offset bigint NOT NULL,
  value text COLLATE "C" NOT NULL,
  PRIMARY KEY (topic_id, message_offset)
);
`,
};
