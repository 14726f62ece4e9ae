import type { Offset, ReaderStatus } from '@abland/kernel';

/** What one consumer tells of itself while it runs. */
export class Reader {
  #lag: bigint | null = null;
  #letGo = 0;

  constructor(
    private readonly topic: string,
    private readonly end: () => void,
  ) {}

  /** @param newest offset of the newest message that there is; later ones may be on their way */
  delivers(last: Offset, newest: Offset): void {
    this.#lag = newest > last ? newest - last : 0n;
  }

  isAtTheEnd(): void {
    this.#lag = 0n;
  }

  letsGo(): void {
    this.#letGo += 1;
  }

  close(): void {
    this.end();
  }

  get status(): ReaderStatus {
    return { topic: this.topic, lag: this.#lag, letGo: this.#letGo };
  }
}

/** The consumers of a stream that run. */
export class Readers {
  readonly #running = new Set<Reader>();

  open(topic: string): Reader {
    const reader: Reader = new Reader(topic, () => this.#running.delete(reader));
    this.#running.add(reader);
    return reader;
  }

  statuses(): readonly ReaderStatus[] {
    return [...this.#running].map(({ status }) => status);
  }
}
