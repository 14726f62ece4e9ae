import { describe, expect, it } from '@jest/globals';
import { itemsOrPauses } from './items-or-pauses.js';

const never = new AbortController().signal;

/** Waits between its items until it is let go on, or its signal aborts. */
class Gated {
  ended = false;
  private gate = Promise.withResolvers<void>();

  goOn(): void {
    this.gate.resolve();
    this.gate = Promise.withResolvers();
  }

  readonly open = async function* (this: Gated, signal: AbortSignal): AsyncGenerator<number> {
    try {
      for (let number = 1; !signal.aborted; number += 1) {
        yield number;
        if (signal.aborted) return;
        const aborted = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
        await Promise.race([this.gate.promise, aborted]);
      }
    } finally {
      this.ended = true;
    }
  }.bind(this);
}

describe('what is read with patience', () => {
  it('is a pause where nothing comes for so long, as often as that happens, and then what comes', async () => {
    const gated = new Gated();
    const taken: (number | null)[] = [];
    for await (const item of itemsOrPauses(gated.open, () => 1, never)) {
      taken.push(item);
      if (taken.length === 3) gated.goOn();
      if (item === 2) break;
    }
    expect(taken.slice(0, 3)).toEqual([1, null, null]);
    expect(taken.filter((item) => item !== null)).toEqual([1, 2]);
    expect(gated.ended).toBe(true);
  });

  it('has no pauses where it is waited for as long as it takes', async () => {
    const gated = new Gated();
    const taken: (number | null)[] = [];
    for await (const item of itemsOrPauses(gated.open, () => null, never)) {
      taken.push(item);
      if (item === 3) break;
      setImmediate(() => gated.goOn());
    }
    expect(taken).toEqual([1, 2, 3]);
  });

  it('is let go of at once where the work of a pause fails, though the stream waits for more', async () => {
    const gated = new Gated();
    const work = async (): Promise<void> => {
      for await (const item of itemsOrPauses(gated.open, () => 1, never))
        if (item === null) throw new Error('no more');
    };
    await expect(work()).rejects.toThrow('no more');
    expect(gated.ended).toBe(true);
  });

  it('ends where its signal aborts, and tells what reading failed of', async () => {
    const stop = new AbortController();
    const gated = new Gated();
    const taken: (number | null)[] = [];
    for await (const item of itemsOrPauses(gated.open, () => null, stop.signal)) {
      taken.push(item);
      stop.abort();
    }
    expect(taken).toEqual([1]);
    async function* failing(): AsyncGenerator<number> {
      yield 1;
      throw new Error('away');
    }
    const read = async (): Promise<void> => {
      for await (const _ of itemsOrPauses(failing, () => 1, never));
    };
    await expect(read()).rejects.toThrow('away');
  });
});
