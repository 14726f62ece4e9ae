import { describe, expect, it } from '@jest/globals';
import { NextLook } from './next-look.js';

/** Looks that end when the test lets them. */
function setUp() {
  const begun: PromiseWithResolvers<number>[] = [];
  const looks = new NextLook(() => {
    const look = Promise.withResolvers<number>();
    begun.push(look);
    return look.promise;
  });
  const turns = async (): Promise<void> => {
    for (let count = 0; count < 10; count += 1) await Promise.resolve();
  };
  const end = async (index: number): Promise<void> => {
    begun[index]?.resolve(index);
    await turns();
  };
  return { begun, end, looks, turns };
}

describe('a look that many wait for', () => {
  it('is one for all who ask at once', async () => {
    const { begun, end, looks, turns } = setUp();
    const asked = Promise.all([looks.take(), looks.take(), looks.take()]);
    await turns();
    expect(begun).toHaveLength(1);
    await end(0);
    expect(await asked).toEqual([0, 0, 0]);
  });

  it('is never one that began before somebody asked', async () => {
    const { begun, end, looks, turns } = setUp();
    const first = looks.take();
    await turns();
    const later = Promise.all([looks.take(), looks.take()]);
    await turns();
    expect(begun).toHaveLength(1);
    await end(0);
    expect(begun).toHaveLength(2);
    await end(1);
    expect([await first, await later]).toEqual([0, [1, 1]]);
  });

  it('that fails is told to who waited for it, and to nobody after', async () => {
    const { begun, end, looks, turns } = setUp();
    const failing = looks.take();
    await turns();
    const next = looks.take();
    begun[0]?.reject(new Error('away'));
    await expect(failing).rejects.toThrow('away');
    await turns();
    await end(1);
    expect(await next).toBe(1);
  });
});
