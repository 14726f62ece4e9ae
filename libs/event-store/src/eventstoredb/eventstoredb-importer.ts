import { InvalidAppendError, LogMismatchError, type Position, type RecordedEvent } from '@abland/kernel';
import type { EventStoreDBClient } from '@eventstore/db-client';
import { AppendChannel, type Written } from './append-channel.js';
import { AppendTooLarge, WrongVersion } from './append-failure.js';
import { connect } from './connect.js';
import { encodeEvent, type EncodedEvent } from './event-messages.js';
import { type LogImporter, runsOf } from '../import/log-importer.js';

/** The server takes 1,048,576 bytes an append; whether it counts metadata differs between versions. */
const LIMITS = { events: 500, bytes: 1_000_000 };
const UNDER_WAY_BYTES_MAX = 4_000_000;
const UNDER_WAY_APPENDS_MAX = 256;

interface Encoded extends EncodedEvent {
  readonly stream: string;
  readonly bytes: number;
  readonly event: RecordedEvent;
}
interface UnderWay {
  readonly stored: Promise<void>;
  readonly bytes: number;
}

/**
 * Into EventStoreDB, many appends under way on one stream of requests, which the server takes one after the other: so they
 * are stored in the order of sending, and what a cut leaves is a beginning. The answers' positions are held against it.
 */
export class EventStoreDbImporter implements LogImporter {
  private readonly client: EventStoreDBClient;
  private readonly channel: AppendChannel;
  private readonly underWay: UnderWay[] = [];
  private bytes = 0;
  private end: Position = 0n;
  private last: Promise<void> = Promise.resolve();

  constructor(connectionString: string) {
    this.client = connect(connectionString);
    this.channel = new AppendChannel(this.client);
  }

  async add(events: readonly RecordedEvent[]): Promise<void> {
    for (const run of runsOf(events.map(encode), LIMITS, ({ bytes }) => bytes)) {
      while (this.bytes > UNDER_WAY_BYTES_MAX || this.underWay.length >= UNDER_WAY_APPENDS_MAX) {
        await this.takeOldest();
      }
      this.send(run);
    }
  }

  async flush(): Promise<void> {
    while (this.underWay.length > 0) await this.takeOldest();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.underWay.map(({ stored }) => stored));
    await this.client.dispose();
  }

  private send(run: readonly Encoded[]): void {
    const { stream, event } = run[0] as Encoded;
    const expected = event.revision === 0n ? 'no_stream' : event.revision - 1n;
    const messages = run.map(({ message }) => message);
    const before = this.last;
    const stored = this.channel.append(stream, messages, expected).then(
      (written) => before.then(() => this.requireOrder(written)),
      (error: unknown) => {
        if (error instanceof AppendTooLarge) throw tooLarge(run);
        throw error instanceof WrongVersion ? notAsLeft(stream, error) : error;
      },
    );
    stored.catch(() => undefined); // thrown where it is taken
    const bytes = run.reduce((sum, encoded) => sum + encoded.bytes, 0);
    this.last = stored;
    this.bytes += bytes;
    this.underWay.push({ stored, bytes });
  }

  private async takeOldest(): Promise<void> {
    const oldest = this.underWay.shift();
    if (oldest === undefined) return;
    this.bytes -= oldest.bytes;
    await oldest.stored;
  }

  private requireOrder({ position }: Written): void {
    if (position <= this.end) {
      throw new LogMismatchError('The server stored appends in another order than they were sent in', {
        position: position.toString(),
      });
    }
    this.end = position;
  }
}

function encode(event: RecordedEvent): Encoded {
  const encoded = encodeEvent(event, event.recordedAt);
  const bytes = encoded.dataBytes + encoded.message.getCustomMetadata_asU8().length;
  return { ...encoded, bytes, stream: event.stream, event };
}

const notAsLeft = (stream: string, { actual }: WrongVersion): LogMismatchError =>
  new LogMismatchError(`Stream ${stream} is not where the copy left it: somebody else writes to the target`, {
    stream,
    actual: actual === null ? 'no_stream' : actual.toString(),
  });

/** Only of an event that is too large by itself. */
const tooLarge = (run: readonly Encoded[]): InvalidAppendError =>
  new InvalidAppendError('An event is larger than EventStoreDB takes', {
    field: 'events',
    stream: run[0]?.stream,
    revision: run[0]?.event.revision.toString(),
    bytes: run[0]?.bytes,
  });
