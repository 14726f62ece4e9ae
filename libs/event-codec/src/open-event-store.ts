import { type EventStoreAt, openBareEventStore } from '@abland/event-store';
import type { EventCodec, EventStore, Logger } from '@abland/kernel';
import { chainMetadataCodec } from './chain-metadata.js';
import { schemaCodec } from './schema-codec.js';
import { withCodec } from './with-codec.js';

/**
 * The log that a URL names (postgres:// or esdb://), as a program works with it: appends are checked against the schemas,
 * reads give the newest versions.
 * @param codecs before that: programs that write or read personal data seal and open it; to others it stays sealed
 */
export async function openEventStore(
  at: EventStoreAt,
  logger: Logger,
  ...codecs: readonly EventCodec[]
): Promise<EventStore> {
  return asPrograms(await openBareEventStore(at, logger), ...codecs);
}

/** The log as a program works with it, of one that is opened as it is stored. */
export function asPrograms(bare: EventStore, ...codecs: readonly EventCodec[]): EventStore {
  return withCodec(bare, ...codecs, schemaCodec, chainMetadataCodec);
}
