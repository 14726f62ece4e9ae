import {
  type Direction,
  matchesFilter,
  type Position,
  type RecordedEvent,
  type Revision,
  UnknownPositionError,
} from '@abland/kernel';
import { BACKWARDS, END, type EventStoreDBClient, FORWARDS, START } from '@eventstore/db-client';
import type { KnownLog } from '../reading/known-log.js';
import {
  type LogReader,
  type Scan,
  scanOf,
  type ScanRequest,
  type StreamPage,
} from '../reading/log-reader.js';
import { eachOf, READ_IDLE_MS } from './answered-read.js';
import { isNoSuchPosition, toStoreError } from './errors.js';
import { decodeEvent } from './event-messages.js';
import { LogEnd, type Place } from './log-end.js';

/** With a filter, most positions that one read goes through: `readAll` takes no filter on the server. */
const FILTERED_WINDOW = 1_000;

/** Places in the direction of a scan. */
interface Passage {
  readonly places: readonly Place[];
  /** Whether the log ends there. */
  readonly ended: boolean;
}

/**
 * Reads are cut short by us only where the server stands: a read stream that is left before its end is left open by the client. They
 * are the leader's: a follower may lag behind an append that was answered, or a checkpoint.
 */
export class EventStoreDbReader implements LogReader {
  private readonly end = new LogEnd();

  constructor(
    private readonly client: EventStoreDBClient,
    private readonly known: KnownLog,
    private readonly idleMs = READ_IDLE_MS,
  ) {}

  async head(): Promise<Position> {
    const { known } = this;
    const { newest, goesOn } = await this.end.find(known.mark, (from, count) =>
      this.places('backward', from, count),
    );
    // Of its own events the server may take away what was the end.
    if (!goesOn) await this.requireKnown();
    known.note(newest);
    return known.mark?.position ?? 0n;
  }

  /** @throws LogMismatchError where the event by which the log is known is not there */
  async requireKnown(): Promise<void> {
    const { mark } = this.known;
    if (mark === null) return;
    const found = await this.placeAt(mark.position);
    if (found?.id === mark.id) return;
    this.end.forget();
    throw this.known.mismatch();
  }

  async contains(position: Position): Promise<boolean> {
    return (await this.placeAt(position)) !== null;
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
      await eachOf(read, this.idleMs, (resolved) => {
        count += 1;
        const event = decodeEvent(resolved);
        if (event !== null) events.push(event);
      });
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
    const { places, ended } = await (forward ? this.ahead(from, count) : this.back(from, count));
    const events: RecordedEvent[] = [];
    let scannedTo = from;
    for (const { position, event } of places) {
      if (forward ? position > to : position < to) return scanOf(events, to);
      scannedTo = position;
      if (event !== null && matchesFilter(event, filter)) events.push(event);
      if (events.length === limit) return scanOf(events, scannedTo);
    }
    return scanOf(events, ended ? to : scannedTo);
  }

  /** From after a position: that of an event, or the one before an event's, for who reads from that event on. */
  private async ahead(from: Position, count: number): Promise<Passage> {
    const page =
      from === 0n
        ? await this.places('forward', null, count)
        : ((await this.placesFrom('forward', from, count)) ??
          (await this.placesFrom('forward', from + 1n, count)));
    if (page === null) throw unknownPosition(from);
    return { places: page.filter(({ position }) => position > from), ended: page.length < count };
  }

  /** From before a position: that of an event, or the one after an event's, for who reads from that event back. */
  private async back(from: Position, count: number): Promise<Passage> {
    if (from <= (this.known.mark?.position ?? 0n)) return this.backFrom(from, count);
    const page = await this.places('backward', null, count);
    const places = page.filter(({ position }) => position < from);
    if (places.length > 0 || page.length < count) return { places, ended: page.length < count };
    return this.backFrom(from, count); // all of it has come since the end was asked for
  }

  private async backFrom(from: Position, count: number): Promise<Passage> {
    const page = await this.placesFrom('backward', from, count);
    if (page !== null) return { places: page, ended: page.length < count };
    const newest = await this.placeAt(from - 1n);
    if (newest === null) throw unknownPosition(from);
    const older = await this.places('backward', newest.position, count);
    return { places: [newest, ...older], ended: older.length < count };
  }

  /** A position of no event fails the read or is beyond the log's end. */
  private async placeAt(position: Position): Promise<Place | null> {
    const [first] = (await this.placesFrom('forward', position, 1)) ?? [];
    return first?.position === position ? first : null;
  }

  /** Null where no event is at the position to begin at. */
  private async placesFrom(
    direction: Direction,
    from: Position,
    maxCount: number,
  ): Promise<readonly Place[] | null> {
    try {
      return await this.places(direction, from, maxCount);
    } catch (error) {
      if (isNoSuchPosition(error)) return null;
      throw error;
    }
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
      await eachOf(read, this.idleMs, (resolved) => {
        const position = resolved.event?.position.commit ?? resolved.commitPosition;
        const id = resolved.event?.id ?? '';
        if (position !== undefined) places.push({ position, id, event: decodeEvent(resolved as never) });
      });
      return places;
    } catch (error) {
      throw toStoreError(error, 'reading the log');
    }
  }
}

const unknownPosition = (position: Position): UnknownPositionError =>
  new UnknownPositionError('EventStoreDB reads from an event on, and none is at this position', {
    position: position.toString(),
  });
