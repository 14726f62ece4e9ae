import { type EventMetadata, invariant, type RecordedEvent } from '@abland/kernel';
import { recordedTime } from '../../reading/recorded-time.js';

/** In the order in which they are read here. An id is 16 bytes to PostgreSQL, and quicker written as text there than here. */
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

/** Of a page's rows: each slab holds as much as those before it, within these bounds, and a row that is larger. */
const SLAB_BYTES = { least: 4 * 1_024, most: 256 * 1_024 };

/**
 * Rows of COPY's binary format, until they are more than `maxBytes` together: kept as bytes, of which events are made when they are asked
 * for.
 */
export class EventRows {
  private readonly slabs: SliceableBytes[] = [];
  /** Of each row, in `slabs`. */
  private readonly places: { readonly slab: SliceableBytes; readonly start: number }[] = [];
  private slabEnd = 0;
  private size = 0;

  constructor(private readonly maxBytes: number) {}

  get count(): number {
    return this.places.length;
  }

  /** Of the last of them; undefined where there is none. */
  get lastPosition(): bigint | undefined {
    const last = this.places.at(-1);
    return last?.slab.readBigInt64BE(last.start + COUNT_BYTES + LENGTH_BYTES);
  }

  /** The bytes are the caller's. */
  readonly readRow = (bytes: Buffer, offset: number): boolean => {
    invariant(
      bytes.readInt16BE(offset) === COLUMNS,
      'A row of the log has other columns than were asked for',
    );
    const length = bytes.length - offset;
    const slab = this.slabFor(length);
    bytes.copy(slab, this.slabEnd, offset);
    this.places.push({ slab, start: this.slabEnd });
    this.slabEnd += length;
    this.size += length;
    return this.size < this.maxBytes;
  };

  *parts(most: number): Generator<RecordedEvent[]> {
    for (let start = 0; start < this.places.length; start += most)
      yield this.places
        .slice(start, start + most)
        .map((place) => new EventDecoder(place.slab, place.start).event());
  }

  private slabFor(length: number): SliceableBytes {
    const last = this.slabs.at(-1);
    if (last !== undefined && this.slabEnd + length <= last.length) return last;
    const wanted = Math.min(Math.max(this.size, SLAB_BYTES.least), SLAB_BYTES.most);
    const slab = Buffer.allocUnsafeSlow(Math.max(wanted, length)) as SliceableBytes;
    this.slabs.push(slab);
    this.slabEnd = 0;
    return slab;
  }
}

/** Makes an event of a row of COPY's binary format. */
class EventDecoder {
  constructor(
    private readonly bytes: SliceableBytes,
    /** Where it begins, by its count of columns. */
    private offset: number,
  ) {}

  event(): RecordedEvent {
    this.offset += COUNT_BYTES;
    const position = this.int8();
    const revision = this.int8();
    const recordedAt = this.time();
    const id = this.name();
    const version = this.int4();
    const stream = this.name();
    const type = this.name();
    const data = JSON.parse(this.text()) as RecordedEvent['data'];
    const metadata = JSON.parse(this.text()) as EventMetadata;
    return { id, type, version, data, metadata, stream, revision, position, recordedAt };
  }

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
