import { API_MIGRATIONS } from '@abland/api';
import { AUDIT_MIGRATIONS } from '@abland/audit';
import { EVENT_STORE_MIGRATIONS } from '@abland/event-store';
import { LOG_STREAM_MIGRATIONS } from '@abland/log-stream';
import { PERSONAL_KEYS_MIGRATIONS } from '@abland/personal-data';
import {
  FOLLOW_BOOK_MIGRATIONS,
  LEASES_MIGRATIONS,
  type Migration,
  migrationHash,
  READ_AHEAD_MIGRATIONS,
} from '@abland/postgres';
import { PROCESSES_MIGRATIONS } from '@abland/processes';
import { PROJECTIONS_MIGRATIONS, RECONCILIATION_MIGRATIONS } from '@abland/projections';
import { SNAPSHOTS_MIGRATIONS } from '@abland/snapshots';

/** Every schema that migrations make, and its migrations in their order. Read models are no part of it: they are built from the log. */
export const ALL_MIGRATIONS: Readonly<Record<string, readonly Migration[]>> = {
  api: API_MIGRATIONS,
  audit: AUDIT_MIGRATIONS,
  event_store: EVENT_STORE_MIGRATIONS,
  follow_book: FOLLOW_BOOK_MIGRATIONS,
  leases: LEASES_MIGRATIONS,
  log_stream: LOG_STREAM_MIGRATIONS,
  personal_keys: PERSONAL_KEYS_MIGRATIONS,
  processes: PROCESSES_MIGRATIONS,
  projections: PROJECTIONS_MIGRATIONS,
  read_ahead: READ_AHEAD_MIGRATIONS,
  reconciliation: RECONCILIATION_MIGRATIONS,
  snapshots: SNAPSHOTS_MIGRATIONS,
};

/** `<schema>/<name>` of every migration there is, with its hash. */
export function migrationHashes(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(ALL_MIGRATIONS).flatMap(([schema, migrations]) =>
      migrations.map((migration) => [`${schema}/${migration.name}`, migrationHash(migration)] as const),
    ),
  );
}
