import { EventStoreDbEventStore } from '@abland/event-store/eventstoredb';
import { silentLogger } from '@abland/kernel';
import { EventStoreDBClient, jsonEvent, NO_STREAM } from '@eventstore/db-client';
import type { AppendSubject } from './append-subjects.js';
import { readOurs, type ReadSubject } from './read-subjects.js';

export interface EventStoreDbSubjects {
  readonly appends: readonly [ours: AppendSubject, bare: AppendSubject];
  readonly reads: Readonly<Record<'ours' | 'bare client', ReadSubject>>;
}

/** Our adapter and the bare client on one server: what the adapter costs. */
export function eventStoreDbSubjects(url: string): EventStoreDbSubjects {
  const store = new EventStoreDbEventStore({ connectionString: url, logger: silentLogger });
  const client = EventStoreDBClient.connectionString(url);
  const ours: AppendSubject = {
    name: 'ours',
    append: (stream, events) => store.append(stream, events, 'no_stream'),
    close: () => store.close(),
  };
  const bare: AppendSubject = {
    name: 'bare client',
    append: (stream, events) =>
      client.appendToStream(
        stream,
        events.map(({ id, type, data, metadata }) =>
          jsonEvent({ id, type, data, metadata: { ...metadata } }),
        ),
        { expectedRevision: NO_STREAM },
      ),
    close: () => client.dispose(),
  };
  const readBare: ReadSubject = async () => {
    let count = 0;
    for await (const { event } of client.readAll())
      if (event !== undefined && !event.type.startsWith('$')) count += 1;
    return count;
  };
  return { appends: [ours, bare], reads: { ours: readOurs(store), 'bare client': readBare } };
}
