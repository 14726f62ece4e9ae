import type { Migration } from '@abland/postgres';

/**
 * PostgreSQL's own compression took most of what storing a message took, of text that is read once and soon dropped: LZ4, where the
 * server has it, takes a tenth of that.
 */
export const storeMessagesPlainly: Migration = {
  name: '0005-store-messages-plainly',
  sql: `
DO $migration$
BEGIN
  IF EXISTS (SELECT FROM pg_settings WHERE name = 'default_toast_compression' AND 'lz4' = ANY (enumvals)) THEN
    ALTER TABLE log_stream.messages ALTER COLUMN value SET COMPRESSION lz4;
  ELSE
    ALTER TABLE log_stream.messages ALTER COLUMN value SET STORAGE EXTERNAL;
  END IF;
END $migration$;
`,
};
