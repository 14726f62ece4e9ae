import type { Migration } from '@abland/postgres';

/** Snapshots have a schema of their own: they are there for logs in other stores too. */
export const dropSnapshots: Migration = {
  name: '0003-drop-snapshots',
  sql: 'DROP TABLE event_store.snapshots',
};
