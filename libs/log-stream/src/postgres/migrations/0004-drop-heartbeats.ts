import type { Migration } from '@abland/postgres';

/** How publishers are is told by the pulses of their programs. */
export const dropHeartbeats: Migration = {
  name: '0004-drop-heartbeats',
  sql: 'DROP TABLE log_stream.heartbeats;',
};
