import { constants, openSync, writeSync } from 'node:fs';

/** What a sink writes with; passed in, so that tests decide when a disk is full. */
export interface LineSinkFiles {
  open(path: string): number;
  /** Returns the bytes written, which may be fewer than given. */
  write(fd: number, bytes: Uint8Array): number;
  now(): number;
  /** Stands the whole program for so many milliseconds. */
  wait(ms: number): void;
}

const BUSY_MS_MAX = 1_000;
const BUSY_PAUSE_MS = 10;
/** A file that could not be opened is tried again after this. */
const REOPEN_AFTER_MS = 1_000;

/** As appending does, but for what is no file: a pipe that nobody reads is refused rather than waited for, with the whole program. */
const APPENDING = constants.O_APPEND | constants.O_CREAT | constants.O_WRONLY | (constants.O_NONBLOCK ?? 0);

const SYSTEM: LineSinkFiles = {
  open: (path) => openSync(path, APPENDING),
  write: (fd, bytes) => writeSync(fd, bytes),
  now: () => performance.now(),
  wait: (ms) => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms),
};

/**
 * Lines to a file or a descriptor, each there when `write` returns. It never throws and waits for a second at most, for a reader that
 * is slow: lines that cannot be written (the disk is full, nobody reads) are lost and counted, and the count is written once there is
 * room again. Until then no further line waits.
 */
export class LineSink {
  #fd: number | null;
  #lost = 0;
  #torn = false;
  #opened = -Infinity;

  constructor(
    private readonly target: string | number,
    /** Told of the first line of each loss. */
    private readonly onLoss: (error: unknown) => void = () => undefined,
    private readonly files: LineSinkFiles = SYSTEM,
    /** Told how many lines a loss was of, once one could be written again. */
    private readonly onWritten: (lost: number) => void = () => undefined,
  ) {
    this.#fd = typeof target === 'number' ? target : null;
  }

  /** Lines lost since the last one that was written. */
  get lost(): number {
    return this.#lost;
  }

  /** With its line end. */
  write(line: string): void {
    try {
      const notice = this.#lost === 0 ? '' : `${this.#notice()}\n`;
      this.#writeWhole(Buffer.from(`${this.#torn ? '\n' : ''}${notice}${line}`));
    } catch (error) {
      this.#lost += 1;
      if (this.#lost === 1) this.onLoss(error);
      return;
    }
    const lost = this.#lost;
    this.#lost = 0;
    this.#torn = false;
    if (lost > 0) this.onWritten(lost);
  }

  #writeWhole(bytes: Uint8Array): void {
    const fd = this.#descriptor();
    const begun = this.files.now();
    for (let rest = bytes; rest.length > 0;) {
      try {
        const written = this.files.write(fd, rest);
        this.#torn = written < rest.length;
        rest = rest.subarray(written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        if (this.#lost > 0 || this.files.now() - begun > BUSY_MS_MAX) throw error;
        this.files.wait(BUSY_PAUSE_MS);
      }
    }
  }

  #descriptor(): number {
    if (this.#fd !== null) return this.#fd;
    const now = this.files.now();
    if (now - this.#opened < REOPEN_AFTER_MS) throw new Error('The log file could not be opened');
    this.#opened = now;
    return (this.#fd = this.files.open(String(this.target)));
  }

  #notice(): string {
    return JSON.stringify({
      level: 40,
      time: new Date().toISOString(),
      lost: this.#lost,
      msg: 'lines of this log could not be written and are lost',
    });
  }
}
