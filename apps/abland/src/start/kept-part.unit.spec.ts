import { describe, expect, it } from '@jest/globals';
import { silentLogger, type Timing } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { keepPart, type Part } from './kept-part.js';

interface Fake extends Part {
  readonly generation: number;
  die(): void;
  readonly stopped: () => boolean;
}

function fake(generation: number): Fake {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  let stopped = false;
  return {
    generation,
    ended,
    die: () => reject(new Error(`death ${generation}`)),
    goOn: () => undefined,
    stop: () => Promise.resolve(void (stopped = true)),
    stopped: () => stopped,
  };
}

/** Pauses are over at once. */
const timing: Timing = { now: () => 0, random: () => 0, pause: () => turn() };
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));
async function turns(count: number): Promise<void> {
  for (let taken = 0; taken < count; taken += 1) await turn();
}

describe('a kept part', () => {
  it('is started again, from what it was, when it dies', async () => {
    const parts: Fake[] = [];
    const kept = await keepPart(
      'part',
      (previous: Fake | null) => {
        parts.push(fake(previous === null ? 0 : previous.generation + 1));
        return Promise.resolve(parts.at(-1) as Fake);
      },
      silentLogger,
      timing,
    );
    parts[0]?.die();
    await until(() => parts.length > 1);
    await turns(10);
    expect(parts.map(({ generation }) => generation)).toEqual([0, 1]);
    await kept.stop();
    expect(parts[1]?.stopped()).toBe(true);
  });

  it('is never given up, however often it dies', async () => {
    let starts = 0;
    const kept = await keepPart(
      'part',
      () => {
        const part = fake((starts += 1));
        setTimeout(() => part.die(), 0);
        return Promise.resolve(part);
      },
      silentLogger,
      timing,
    );
    await until(() => starts >= 40);
    await kept.stop();
  });

  it('is started ever more seldom while it dies soon after each start, and at once again after it stood', async () => {
    const pauses: number[] = [];
    let standing: (() => void) | null = null;
    const counted: Timing = {
      ...timing,
      pause: (ms, signal) => {
        if (ms < 10_000) pauses.push(ms);
        else
          return new Promise((resolve) => {
            standing = resolve;
            signal?.addEventListener('abort', () => resolve(), { once: true });
          });
        return turn();
      },
    };
    const parts: Fake[] = [];
    const start = (): Promise<Fake> => {
      parts.push(fake(parts.length));
      if (parts.length <= 10) setTimeout(() => parts.at(-1)?.die(), 0);
      return Promise.resolve(parts.at(-1) as Fake);
    };
    const kept = await keepPart('part', start, silentLogger, counted);
    await until(() => parts.length === 11);
    await until(() => standing !== null); // it is waited for that the last stands
    expect(pauses).toEqual([50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000]);
    (standing as (() => void) | null)?.();
    await turn(); // it is told that the part has stood
    parts.at(-1)?.die();
    await until(() => pauses.length > 10);
    expect(pauses.at(-1)).toBe(50);
    await kept.stop();
  });

  it('is started again where starting it failed before', async () => {
    const parts: Fake[] = [];
    let failures = 0;
    const kept = await keepPart(
      'part',
      () => {
        if (parts.length === 1 && failures++ < 3)
          return Promise.reject(new Error('its port is still in use'));
        parts.push(fake(parts.length));
        return Promise.resolve(parts.at(-1) as Fake);
      },
      silentLogger,
      timing,
    );
    parts[0]?.die();
    await until(() => parts.length > 1);
    expect([parts.length, failures]).toEqual([2, 4]);
    await kept.stop();
  });

  it('is not started again once it is stopped', async () => {
    let starts = 0;
    const part = fake(0);
    const kept = await keepPart(
      'part',
      () => {
        starts += 1;
        return Promise.resolve(part);
      },
      silentLogger,
      timing,
    );
    await kept.stop();
    part.die();
    await turn();
    expect(starts).toBe(1);
  });
});
