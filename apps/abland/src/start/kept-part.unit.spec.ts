import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@abland/kernel';
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
    stop: () => Promise.resolve(void (stopped = true)),
    stopped: () => stopped,
  };
}

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

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
    );
    parts[0]?.die();
    await turn();
    expect(parts.map(({ generation }) => generation)).toEqual([0, 1]);
    await kept.stop();
    expect(parts[1]?.stopped()).toBe(true);
  });

  it('is given up when it dies too often', async () => {
    const kept = await keepPart(
      'part',
      () => {
        const part = fake(0);
        setTimeout(() => part.die(), 0);
        return Promise.resolve(part);
      },
      silentLogger,
    );
    await expect(kept.ended).rejects.toThrow('death 0');
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
    );
    await kept.stop();
    part.die();
    await turn();
    expect(starts).toBe(1);
  });
});
