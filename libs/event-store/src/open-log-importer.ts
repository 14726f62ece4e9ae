import type { LogImporter } from './import/log-importer.js';
import { eventStoreKind } from './open-bare-event-store.js';
import { PostgresImporter } from './postgres/postgres-importer.js';

/**
 * Into the log that a URL names (postgres:// or esdb://), whose schema must be there.
 * @throws UnknownEventStoreError
 */
export async function openLogImporter(connectionString: string): Promise<LogImporter> {
  if (eventStoreKind(connectionString) === 'postgres') return new PostgresImporter(connectionString);
  const { EventStoreDbImporter } = await import('./eventstoredb/adapter.js');
  return new EventStoreDbImporter(connectionString);
}
