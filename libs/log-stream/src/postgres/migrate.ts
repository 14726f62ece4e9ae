import { applyMigrations, type Migration } from '@abland/postgres';
import type { Pool } from 'pg';
import { createTopics } from './migrations/0001-create-topics.js';
import { createHeartbeats } from './migrations/0002-create-heartbeats.js';
import { fencePublishers } from './migrations/0003-fence-publishers.js';
import { dropHeartbeats } from './migrations/0004-drop-heartbeats.js';
import { storeMessagesPlainly } from './migrations/0005-store-messages-plainly.js';

export const LOG_STREAM_MIGRATIONS: readonly Migration[] = [
  createTopics,
  createHeartbeats,
  fencePublishers,
  dropHeartbeats,
  storeMessagesPlainly,
];

/** Creates or updates the schema `log_stream`; safe to call at every start, from several processes at once. */
export async function migrateLogStream(pool: Pool): Promise<void> {
  await applyMigrations(pool, 'log_stream', LOG_STREAM_MIGRATIONS);
}
