import { open, mkdir, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { JournalCorruptError, JournalVersionError, JournalWriteError } from './errors.js';
import { JOURNAL_FORMAT, type JournalRecord } from './journal-records.js';

const NEWLINE = 0x0a;

const checksum = (text: string): string => crc32(text).toString(16).padStart(8, '0');

function encode(record: JournalRecord): string {
  const text = JSON.stringify(record);
  return `${checksum(text)} ${text}\n`;
}

/** Null for a line that was not written whole. */
function decode(line: string): JournalRecord | null {
  const text = line.slice(9);
  if (line[8] !== ' ' || line.slice(0, 8) !== checksum(text)) return null;
  return JSON.parse(text) as JournalRecord;
}

interface Scan {
  readonly records: JournalRecord[];
  /** Bytes of whole records; what follows is a torn end. */
  readonly length: number;
}

function scan(bytes: Buffer, path: string): Scan {
  const records: JournalRecord[] = [];
  let start = 0;
  let tornAt: number | null = null;
  // The header comes first, so that a later format is noticed before anything else is made of it.
  while (start < bytes.length) {
    const newline = bytes.indexOf(NEWLINE, start);
    const end = newline === -1 ? bytes.length : newline;
    const record = newline === -1 ? null : decode(bytes.toString('utf8', start, end));
    if (record === null) tornAt ??= start;
    else if (record.kind === 'header' && record.format > JOURNAL_FORMAT) {
      throw new JournalVersionError(path, record.format, JOURNAL_FORMAT);
    } else if (tornAt === null) records.push(record);
    else throw new JournalCorruptError(`${path} is damaged at byte ${tornAt}`, { path, byte: tornAt });
    start = end + 1;
  }
  return { records, length: tornAt ?? bytes.length };
}

/**
 * An append-only file of checksummed lines. A record is on disk when `append` returns; a record that a kill tore is cut
 * off at the next opening, which is right because it was never executed.
 */
export class JournalFile {
  private constructor(
    readonly path: string,
    readonly records: readonly JournalRecord[],
    private readonly file: FileHandle,
    private length: number,
  ) {}

  /**
   * @throws JournalVersionError where a later version wrote it; the file is left as it is.
   * @throws JournalCorruptError where a damaged record is followed by a whole one.
   */
  static async open(path: string): Promise<JournalFile> {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(path, 'a+');
    try {
      const bytes = await file.readFile();
      const { records, length } = scan(bytes, path);
      if (length < bytes.length) await file.truncate(length);
      return new JournalFile(path, records, file, length);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  /** @throws JournalWriteError where the record may not be on disk; nothing may be executed after it. */
  async append(record: JournalRecord): Promise<void> {
    const line = encode(record);
    try {
      await this.file.appendFile(line);
      await this.file.datasync();
    } catch (error) {
      throw new JournalWriteError(`Cannot write ${this.path}`, { path: this.path }, error);
    }
    this.length += Buffer.byteLength(line);
  }

  /** Forgets every record: the journal of a first start that did not finish. */
  async clear(): Promise<JournalFile> {
    await this.file.truncate(0);
    await this.file.datasync();
    return new JournalFile(this.path, [], this.file, 0);
  }

  get sizeBytes(): number {
    return this.length;
  }

  close(): Promise<void> {
    return this.file.close();
  }
}
