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

export interface LineSinkOptions {
  /** The line that tells how many before it are lost, without its line end; default: `{"lost": <how many>}`. */
  readonly lostLine?: (lost: number) => string;
  /** Told of the first line of each loss. */
  readonly onLoss?: (error: unknown) => void;
  /** Told how many lines a loss was of, once one could be written again. */
  readonly onWritten?: (lost: number) => void;
  readonly files?: LineSinkFiles;
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

  readonly #files: LineSinkFiles;
  readonly #lostLine: (lost: number) => string;

  constructor(
    private readonly target: string | number,
    private readonly options: LineSinkOptions = {},
  ) {
    this.#fd = typeof target === 'number' ? target : null;
    this.#files = options.files ?? SYSTEM;
    this.#lostLine = options.lostLine ?? ((lost) => JSON.stringify({ lost }));
  }

  /** Lines lost since the last one that was written. */
  get lost(): number {
    return this.#lost;
  }

  /** With its line end. */
  write(line: string): void {
    try {
      const notice = this.#lost === 0 ? '' : `${this.#lostLine(this.#lost)}\n`;
      this.#writeWhole(Buffer.from(`${this.#torn ? '\n' : ''}${notice}${line}`));
    } catch (error) {
      this.#lost += 1;
      if (this.#lost === 1) this.options.onLoss?.(error);
      return;
    }
    const lost = this.#lost;
    this.#lost = 0;
    this.#torn = false;
    if (lost > 0) this.options.onWritten?.(lost);
  }

  #writeWhole(bytes: Uint8Array): void {
    const fd = this.#descriptor();
    const begun = this.#files.now();
    for (let rest = bytes; rest.length > 0;) {
      try {
        const written = this.#files.write(fd, rest);
        this.#torn = written < rest.length;
        rest = rest.subarray(written);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
        if (this.#lost > 0 || this.#files.now() - begun > BUSY_MS_MAX) throw error;
        this.#files.wait(BUSY_PAUSE_MS);
      }
    }
  }

  #descriptor(): number {
    if (this.#fd !== null) return this.#fd;
    const now = this.#files.now();
    if (now - this.#opened < REOPEN_AFTER_MS) throw new Error('The log file could not be opened');
    this.#opened = now;
    return (this.#fd = this.#files.open(String(this.target)));
  }
}
