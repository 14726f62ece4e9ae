import type { EventStore, Logger } from '@abland/kernel';
import { EventStoreDbEventStore } from './eventstoredb/eventstoredb-event-store.js';
import { openPostgresEventStore } from './postgres/postgres-event-store.js';
import { CataloguedEventStore } from './schemas/catalogued-event-store.js';

/** Opens the adapter that a URL names (postgres:// or esdb://), as it is: events of any type pass. */
export async function openBareEventStore(connectionString: string, logger: Logger): Promise<EventStore> {
  if (/^postgres(ql)?:/.test(connectionString)) return openPostgresEventStore({ connectionString, logger });
  return new EventStoreDbEventStore({ connectionString, logger });
}

/** The log that a program works with: appends are checked against the schemas, reads give the newest versions. */
export async function openEventStore(connectionString: string, logger: Logger): Promise<EventStore> {
  return new CataloguedEventStore(await openBareEventStore(connectionString, logger));
}
