import type { NewEvent, Position, Revision } from '@abland/kernel';

/** In the order in which EventEncoder writes them; the recorded time is the table's default. */
export const WRITTEN_COLUMNS = 'position, stream, revision, event_id, type, version, data, metadata';

const COLUMNS = 8;
const UUID_BYTES = 16;
/** Of a row beside its texts: the count of columns, the length of each, and what is not text. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 8 + 8 + UUID_BYTES + 4;
/** Of UTF-8 for a unit of JavaScript's text, at most. */
const UNIT_BYTES = 3;
/** CopyData's tag and length, `PGCOPY\n\xff\r\n\0`, no flags, no extension. */
const HEADER = Buffer.from('d\0\0\0\0PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1');
/** A count of -1 instead of a row's columns, then CopyDone. */
const TRAILER = Buffer.from('\xff\xffc\0\0\0\x04', 'latin1');
const TRAILER_COPY_BYTES = 2;

/** What `write` comes to after it has looked up the encoding: see SliceableBytes. */
interface WritableBytes extends Buffer {
  utf8Write(text: string, offset: number): number;
  latin1Write(text: string, offset: number): number;
}

/** Writes events as rows of COPY's binary format, together with the two messages that carry them. */
export class EventEncoder {
  private bytes: WritableBytes;
  private offset: number;

  /** @param rows so many are expected: the first guess at the room that they take */
  constructor(rows: number) {
    this.bytes = Buffer.allocUnsafe(1_024 + rows * 640) as WritableBytes;
    this.offset = HEADER.copy(this.bytes);
  }

  add(position: Position, stream: string, revision: Revision, event: NewEvent): void {
    const data = JSON.stringify(event.data);
    const metadata = JSON.stringify(event.metadata);
    this.makeRoom(
      FIXED_BYTES + stream.length + event.type.length + (data.length + metadata.length) * UNIT_BYTES,
    );
    this.offset = this.bytes.writeInt16BE(COLUMNS, this.offset);
    this.int8(position);
    this.name(stream);
    this.int8(revision);
    this.uuid(event.id);
    this.name(event.type);
    this.int4(event.version);
    this.text(data);
    this.text(metadata);
  }

  /** CopyData with all rows, and CopyDone. */
  end(): Buffer {
    this.makeRoom(TRAILER.length);
    TRAILER.copy(this.bytes, this.offset);
    this.bytes.writeInt32BE(this.offset + TRAILER_COPY_BYTES - 1, 1); // a message's length counts all but its tag
    return this.bytes.subarray(0, this.offset + TRAILER.length);
  }

  private makeRoom(bytes: number): void {
    if (this.offset + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.offset + bytes)) as WritableBytes;
    this.bytes.copy(larger, 0, 0, this.offset);
    this.bytes = larger;
  }

  private int8(value: bigint): void {
    this.offset = this.bytes.writeInt32BE(8, this.offset);
    this.offset = this.bytes.writeBigInt64BE(value, this.offset);
  }

  private int4(value: number): void {
    this.offset = this.bytes.writeInt32BE(4, this.offset);
    this.offset = this.bytes.writeInt32BE(value, this.offset);
  }

  /** Names of streams and types are ASCII: an append refuses others. */
  private name(value: string): void {
    this.offset = this.bytes.writeInt32BE(value.length, this.offset);
    this.offset += this.bytes.latin1Write(value, this.offset);
  }

  private text(value: string): void {
    const start = this.offset + 4;
    const length = this.bytes.utf8Write(value, start);
    this.bytes.writeInt32BE(length, this.offset);
    this.offset = start + length;
  }

  /** Of lower-case digits: an append refuses others. */
  private uuid(value: string): void {
    this.offset = this.bytes.writeInt32BE(UUID_BYTES, this.offset);
    for (let at = 0; at < value.length; at += 2) {
      if (value.charCodeAt(at) === DASH) at += 1;
      this.bytes[this.offset] = (digit(value.charCodeAt(at)) << 4) | digit(value.charCodeAt(at + 1));
      this.offset += 1;
    }
  }
}

const DASH = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;
const A_IS_TEN = 0x61 - 10;

const digit = (code: number): number => code - (code <= NINE ? ZERO : A_IS_TEN);
