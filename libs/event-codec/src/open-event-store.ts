import { openBareEventStore } from '@abland/event-store';
import type { PersonalDataCipher } from '@abland/personal-data';
import type { EventStore, Logger } from '@abland/kernel';
import { CataloguedEventStore } from './schemas/catalogued-event-store.js';

/**
 * The log that a program works with: appends are checked against the schemas, reads give the newest versions.
 * @param cipher for programs that write or read personal data; to others it stays sealed
 */
export async function openEventStore(
  connectionString: string,
  logger: Logger,
  cipher: PersonalDataCipher | null = null,
): Promise<EventStore> {
  return new CataloguedEventStore(await openBareEventStore(connectionString, logger), cipher);
}
