import { AblandError, type EventStore, type Logger } from '@abland/kernel';
import {
  openPostgresEventStore,
  type OpenPostgresEventStoreOptions,
} from './postgres/postgres-event-store.js';

/** A URL of no store that there is an adapter for. The URL itself is not told: it may hold a password. */
export class UnknownEventStoreError extends AblandError {
  readonly code = 'EVENT_STORE_UNKNOWN';
}

/** @throws UnknownEventStoreError */
export function eventStoreKind(connectionString: string): 'postgres' | 'eventstoredb' {
  if (/^postgres(ql)?:\/\//.test(connectionString)) return 'postgres';
  if (/^esdb(\+discover)?:\/\//.test(connectionString)) return 'eventstoredb';
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(connectionString)?.[1] ?? null;
  throw new UnknownEventStoreError(
    `An event store is named by postgres://… or esdb://…, not by ${scheme === null ? 'this' : `${scheme}:`}`,
    { scheme },
  );
}

/** The URL of a store, for PostgreSQL with what a program shares of its connections. */
export type EventStoreAt =
  | string
  | Pick<OpenPostgresEventStoreOptions, 'connectionString' | 'pool' | 'appendersMax' | 'appendsByPool'>;

/** Opens the adapter that a URL names (postgres:// or esdb://), as it is: events of any type pass. */
export async function openBareEventStore(at: EventStoreAt, logger: Logger): Promise<EventStore> {
  const options = typeof at === 'string' ? { connectionString: at } : at;
  if (eventStoreKind(options.connectionString) === 'postgres')
    return openPostgresEventStore({ ...options, logger });
  const { EventStoreDbEventStore } = await import('./eventstoredb/adapter.js');
  return new EventStoreDbEventStore({ connectionString: options.connectionString, logger });
}
