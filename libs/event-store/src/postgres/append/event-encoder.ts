import type { NewEvent, Position, Revision } from '@abland/kernel';

/** In the order in which EventEncoder writes them; the recorded time is the table's default. */
export const WRITTEN_COLUMNS =
  'position, stream, revision, run_length, event_id, type, version, data, metadata';

const COLUMNS = 9;
const UUID_BYTES = 16;
/** Of a row beside its texts: the count of columns, the length of each, and what is not text. */
const FIXED_BYTES = 2 + COLUMNS * 4 + 8 + 8 + 4 + UUID_BYTES + 4;
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
  private bytes!: WritableBytes;
  /** Of the same bytes: V8 compiles its setters to a store each, where a Buffer's are calls. */
  private view!: DataView;
  private offset: number;

  /** @param rows so many are expected: the first guess at the room that they take */
  constructor(rows: number) {
    this.use(Buffer.allocUnsafe(1_024 + rows * 640));
    this.offset = HEADER.copy(this.bytes);
  }

  /** @param run events of the append that this one ends, 0 where it does not */
  add(position: Position, stream: string, revision: Revision, run: number, event: NewEvent): void {
    const data = JSON.stringify(event.data);
    const metadata = JSON.stringify(event.metadata);
    this.makeRoom(
      FIXED_BYTES + stream.length + event.type.length + (data.length + metadata.length) * UNIT_BYTES,
    );
    this.view.setInt16(this.offset, COLUMNS);
    this.offset += 2;
    this.int8(position);
    this.name(stream);
    this.int8(revision);
    this.int4(run);
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
    this.view.setInt32(1, this.offset + TRAILER_COPY_BYTES - 1); // a message's length counts all but its tag
    return this.bytes.subarray(0, this.offset + TRAILER.length);
  }

  private use(bytes: Buffer): void {
    this.bytes = bytes as WritableBytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  private makeRoom(bytes: number): void {
    if (this.offset + bytes <= this.bytes.length) return;
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.offset + bytes));
    this.bytes.copy(larger, 0, 0, this.offset);
    this.use(larger);
  }

  private int8(value: bigint): void {
    this.view.setInt32(this.offset, 8);
    this.view.setBigInt64(this.offset + 4, value);
    this.offset += 12;
  }

  private int4(value: number): void {
    this.view.setInt32(this.offset, 4);
    this.view.setInt32(this.offset + 4, value);
    this.offset += 8;
  }

  /** Names of streams and types are ASCII: an append refuses others. */
  private name(value: string): void {
    this.view.setInt32(this.offset, value.length);
    this.offset += 4 + this.bytes.latin1Write(value, this.offset + 4);
  }

  private text(value: string): void {
    const length = this.bytes.utf8Write(value, this.offset + 4);
    this.view.setInt32(this.offset, length);
    this.offset += 4 + length;
  }

  /** Of lower-case digits: an append refuses others. */
  private uuid(value: string): void {
    this.view.setInt32(this.offset, UUID_BYTES);
    this.view.setInt32(this.offset + 4, (fourDigits(value, 0) << 16) | fourDigits(value, 4));
    this.view.setInt32(this.offset + 8, (fourDigits(value, 9) << 16) | fourDigits(value, 14));
    this.view.setInt32(this.offset + 12, (fourDigits(value, 19) << 16) | fourDigits(value, 24));
    this.view.setInt32(this.offset + 16, (fourDigits(value, 28) << 16) | fourDigits(value, 32));
    this.offset += 4 + UUID_BYTES;
  }
}

const fourDigits = (text: string, at: number): number =>
  (digit(text.charCodeAt(at)) << 12) |
  (digit(text.charCodeAt(at + 1)) << 8) |
  (digit(text.charCodeAt(at + 2)) << 4) |
  digit(text.charCodeAt(at + 3));

const ZERO = 0x30;
const NINE = 0x39;
const A_IS_TEN = 0x61 - 10;

const digit = (code: number): number => code - (code <= NINE ? ZERO : A_IS_TEN);
