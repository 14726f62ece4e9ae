import type { Position } from '@abland/kernel';
import { type EventStoreDBClient, FORWARDS } from '@eventstore/db-client';
import type { EventIndex, StreamPlace } from '../reading/stream-place.js';
import { eachOf, READ_IDLE_MS } from './answered-read.js';
import { connect } from './connect.js';
import { decodeEvent } from './event-messages.js';
import { isNoSuchPosition, toStoreError } from './errors.js';

/** The server keeps none of ids. */
export class EventStoreDbIndex implements EventIndex {
  private readonly client: EventStoreDBClient;

  constructor(connectionString: string) {
    this.client = connect(connectionString);
  }

  /** The server reads from a position on, the event there included; a position of no event fails the read. */
  async placeAt(position: Position): Promise<StreamPlace | null> {
    try {
      const fromPosition = { commit: position, prepare: position };
      const read = this.client.readAll({ direction: FORWARDS, fromPosition, maxCount: 1 });
      let place: StreamPlace | null = null;
      await eachOf(read, READ_IDLE_MS, (resolved) => {
        const event = decodeEvent(resolved as never);
        if (event?.position === position) place = { stream: event.stream, revision: event.revision };
      });
      return place;
    } catch (error) {
      const known = toStoreError(error, 'reading an event');
      if (isNoSuchPosition(known)) return null;
      throw known;
    }
  }

  close(): Promise<void> {
    return this.client.dispose();
  }
}
