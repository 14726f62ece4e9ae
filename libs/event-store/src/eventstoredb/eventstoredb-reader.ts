import {
  type Direction,
  EventStoreUnavailableError,
  type Position,
  type RecordedEvent,
  type Revision,
} from '@abland/kernel';
import { BACKWARDS, END, type EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import { matchesFilter } from '../reading/event-filter.js';
import type { LogReader, Scan, ScanRequest, StreamPage } from '../reading/log-reader.js';
import { toStoreError } from './eventstoredb-errors.js';
import { decodeEvent } from './event-messages.js';

const HEAD_PAGE = 32;
/** With a filter, most positions that one read goes through: `readAll` takes no filter on the server. */
const FILTERED_WINDOW = 1_000;

interface Place {
  readonly position: Position;
  /** Null for the server's own events, which share the log. */
  readonly event: RecordedEvent | null;
}

/**
 * Reads are never cut short by us: a read stream that is left before its end is left open by the client. They are the leader's: a
 * follower may lag behind an append that was answered, or a checkpoint.
 */
export class EventStoreDbReader implements LogReader {
  private knownHead = 0n;

  constructor(private readonly client: EventStoreDBClient) {}

  async head(): Promise<Position> {
    for (let from: Position | null = null; ;) {
      const places = await this.places('backward', from, HEAD_PAGE);
      const newest = places.find(({ event, position }) => event !== null && position !== from);
      if (newest !== undefined) {
        if (newest.position > this.knownHead) this.knownHead = newest.position;
        return newest.position;
      }
      const oldest = places.at(-1)?.position ?? null;
      if (places.length < HEAD_PAGE || oldest === from) return 0n;
      from = oldest;
    }
  }

  /** A position in no event of the log fails the read or is beyond its end. */
  async contains(position: Position): Promise<boolean> {
    try {
      const [first] = await this.places('forward', position, 1);
      return first?.position === position;
    } catch (error) {
      if (error instanceof EventStoreUnavailableError) throw error;
      return false;
    }
  }

  async streamPage(
    stream: string,
    direction: Direction,
    from: Revision | null,
    limit: number,
  ): Promise<StreamPage> {
    const forward = direction === 'forward';
    const events: RecordedEvent[] = [];
    let count = 0;
    try {
      const read = this.client.readStream(stream, {
        direction: forward ? FORWARDS : BACKWARDS,
        fromRevision: from ?? (forward ? START : END),
        maxCount: limit,
        requiresLeader: true,
      });
      for await (const resolved of read) {
        count += 1;
        const event = decodeEvent(resolved);
        if (event !== null) events.push(event);
      }
      return { events, ended: count < limit };
    } catch (error) {
      if ((error as { type?: unknown }).type === 'stream-not-found') return { events: [], ended: true };
      throw toStoreError(error, 'reading a stream');
    }
  }

  async scan({ direction, from, to, filter, limit }: ScanRequest): Promise<Scan> {
    const forward = direction === 'forward';
    const filtered = filter?.types !== undefined || filter?.streamPrefixes !== undefined;
    const count = (filtered ? Math.max(limit, FILTERED_WINDOW) : limit) + 1;
    const start = forward ? (from === 0n ? null : from) : from > this.knownHead ? null : from;
    const places = await this.places(direction, start, count);
    const events: RecordedEvent[] = [];
    let scannedTo = from;
    for (const { position, event } of places) {
      if (forward ? position <= from : position >= from) continue;
      if (forward ? position > to : position < to) return { events, scannedTo: to };
      scannedTo = position;
      if (event !== null && matchesFilter(event, filter)) events.push(event);
      if (events.length === limit) return { events, scannedTo };
    }
    return { events, scannedTo: places.length < count ? to : scannedTo };
  }

  private async places(direction: Direction, from: Position | null, maxCount: number): Promise<Place[]> {
    const forward = direction === 'forward';
    const places: Place[] = [];
    try {
      const read = this.client.readAll({
        direction: forward ? FORWARDS : BACKWARDS,
        fromPosition: from === null ? (forward ? START : END) : { commit: from, prepare: from },
        maxCount,
        requiresLeader: true,
      });
      for await (const resolved of read) {
        const position = resolved.event?.position.commit ?? resolved.commitPosition;
        if (position !== undefined) places.push({ position, event: decodeEvent(resolved as never) });
      }
      return places;
    } catch (error) {
      throw toStoreError(error, 'reading the log');
    }
  }
}
