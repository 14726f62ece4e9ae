import { type EventMetadata, invariant, type RecordedEvent } from '@abland/kernel';
import { recordedTime } from '../../reading/recorded-time.js';

/** In the order in which EventDecoder reads them. An id is 16 bytes to PostgreSQL, and quicker written as text there than here. */
export const EVENT_COLUMNS =
  'position, revision, recorded_at, event_id::text, version, stream, type, data, metadata';

const COLUMNS = 9;
const COUNT_BYTES = 2;
const LENGTH_BYTES = 4;
/** PostgreSQL counts microseconds from the year 2000. */
const EPOCH_MS = Date.UTC(2000, 0, 1);
const TWO_TO_32 = 2 ** 32;

/**
 * What `toString` comes to after it has looked up the encoding, which costs as much as the rest of it for short texts. Not in
 * Node's documentation, but as old as Buffer and what other drivers of databases read with.
 */
interface SliceableBytes extends Buffer {
  utf8Slice(start: number, end: number): string;
  latin1Slice(start: number, end: number): string;
}

const NO_BYTES = Buffer.alloc(0) as SliceableBytes;

/** Turns rows of COPY's binary format into events, until they are more than `maxBytes` together. */
export class EventDecoder {
  private events: RecordedEvent[] = [];
  private bytes = NO_BYTES;
  private offset = 0;
  private size = 0;

  constructor(private readonly maxBytes: number) {}

  /** What was read, which is the caller's alone from then on. */
  take(): RecordedEvent[] {
    const { events } = this;
    this.events = [];
    return events;
  }

  readonly readRow = (bytes: Buffer, offset: number): boolean => {
    invariant(
      bytes.readInt16BE(offset) === COLUMNS,
      'A row of the log has other columns than were asked for',
    );
    this.bytes = bytes as SliceableBytes;
    this.offset = offset + COUNT_BYTES;
    const position = this.int8();
    const revision = this.int8();
    const recordedAt = this.time();
    const id = this.name();
    const version = this.int4();
    const stream = this.name();
    const type = this.name();
    const data = JSON.parse(this.text()) as RecordedEvent['data'];
    const metadata = JSON.parse(this.text()) as EventMetadata;
    this.events.push({ id, type, version, data, metadata, stream, revision, position, recordedAt });
    this.bytes = NO_BYTES; // a decoder that waits to be collected holds back no received bytes
    this.size += this.offset - offset;
    return this.size < this.maxBytes;
  };

  private int8(): bigint {
    const value = this.bytes.readBigInt64BE(this.offset + LENGTH_BYTES);
    this.offset += LENGTH_BYTES + 8;
    return value;
  }

  private int4(): number {
    const value = this.bytes.readInt32BE(this.offset + LENGTH_BYTES);
    this.offset += LENGTH_BYTES + 4;
    return value;
  }

  private text(): string {
    const start = this.offset + LENGTH_BYTES;
    this.offset = start + this.bytes.readInt32BE(this.offset);
    return this.bytes.utf8Slice(start, this.offset);
  }

  /** Ids and the names of streams and types are ASCII: an append refuses others. */
  private name(): string {
    const start = this.offset + LENGTH_BYTES;
    this.offset = start + this.bytes.readInt32BE(this.offset);
    return this.bytes.latin1Slice(start, this.offset);
  }

  private time(): string {
    const at = this.offset + LENGTH_BYTES;
    const microseconds = this.bytes.readInt32BE(at) * TWO_TO_32 + this.bytes.readUInt32BE(at + 4);
    this.offset = at + 8;
    return recordedTime(EPOCH_MS + microseconds / 1_000);
  }
}
