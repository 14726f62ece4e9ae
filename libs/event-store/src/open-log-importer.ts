import { EventStoreDbImporter } from './eventstoredb/eventstoredb-importer.js';
import type { LogImporter } from './import/log-importer.js';
import { eventStoreKind } from './open-event-store.js';
import { PostgresImporter } from './postgres/postgres-importer.js';

/**
 * Into the log that a URL names (postgres:// or esdb://), whose schema must be there.
 * @throws UnknownEventStoreError
 */
export function openLogImporter(connectionString: string): LogImporter {
  return eventStoreKind(connectionString) === 'postgres'
    ? new PostgresImporter(connectionString)
    : new EventStoreDbImporter(connectionString);
}
