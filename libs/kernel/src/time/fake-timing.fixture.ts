import type { Timing } from './timing.js';

/** Time that passes only when the test says so; pauses end in the order of their moments. */
export class FakeTiming implements Timing {
  /** Milliseconds of every pause that was begun. */
  readonly begun: number[] = [];
  private time = 0;
  private readonly pending = new Set<{ readonly at: number; readonly end: () => void }>();

  now = (): number => this.time;
  /** No jitter: a pause is as long as it can be. */
  random = (): number => 0;

  pause = (ms: number, signal?: AbortSignal): Promise<void> => {
    this.begun.push(ms);
    return new Promise((resolve) => {
      if (signal?.aborted === true) return resolve();
      const entry = {
        at: this.time + ms,
        end: () => {
          this.pending.delete(entry);
          resolve();
        },
      };
      this.pending.add(entry);
      signal?.addEventListener('abort', entry.end, { once: true });
    });
  };

  /** Lets so many milliseconds pass, and all that waits for them or follows from them run. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settle();
    for (;;) {
      const next = [...this.pending].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) break;
      this.time = next.at;
      next.end();
      await settle();
    }
    this.time = until;
  }
}

/** Until whatever could go on has gone on. */
export async function settle(): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve));
}
