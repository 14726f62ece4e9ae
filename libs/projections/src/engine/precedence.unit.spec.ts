import { turnOfOthers } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import { Precedence } from './precedence.js';

const TURNS = 20;
/** Longer than any test. */
const LONG_MS = 600_000;

/** Work in slices, which counts them. */
function slicesOf(precedence: Precedence): { readonly ended: Promise<void>; done: number } {
  const slices = { ended: Promise.resolve(), done: 0 };
  const work = async (): Promise<void> => {
    for (; slices.done < TURNS; slices.done += 1) await precedence.giveWay();
  };
  slices.ended = work();
  return slices;
}

async function turns(): Promise<void> {
  for (let turn = 0; turn < 2 * TURNS; turn += 1) await turnOfOthers();
}

describe('what goes first', () => {
  it('is waited for until all of it has ended', async () => {
    const precedence = new Precedence(LONG_MS);
    const [one, other] = [Promise.withResolvers<string>(), Promise.withResolvers<string>()];
    const first = [precedence.first(() => one.promise), precedence.first(() => other.promise)];
    const slices = slicesOf(precedence);
    await turns();
    one.resolve('one');
    await turns();
    expect(slices.done).toBe(0);
    other.resolve('other');
    expect(await Promise.all(first)).toEqual(['one', 'other']);
    await slices.ended;
    expect(slices.done).toBe(TURNS);
  });

  it('is no longer waited for where it failed', async () => {
    const precedence = new Precedence(LONG_MS);
    const failed = precedence.first(() => Promise.reject(new Error('a lost connection')));
    await expect(failed).rejects.toThrow('a lost connection');
    await slicesOf(precedence).ended;
  });

  it('is waited for anew each time', async () => {
    const precedence = new Precedence(LONG_MS);
    await precedence.first(() => Promise.resolve());
    const again = Promise.withResolvers<void>();
    const first = precedence.first(() => again.promise);
    const slices = slicesOf(precedence);
    await turns();
    expect(slices.done).toBe(0);
    again.resolve();
    await Promise.all([first, slices.ended]);
  });

  it('does not stop what waits for it, however long it takes', async () => {
    const precedence = new Precedence(1);
    const never = Promise.withResolvers<void>();
    const first = precedence.first(() => never.promise);
    await slicesOf(precedence).ended;
    never.resolve();
    await first;
  });
});
