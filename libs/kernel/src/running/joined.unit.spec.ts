import { describe, expect, it } from '@jest/globals';
import { joined } from './joined.js';

describe('looks that are joined', () => {
  it('are one for all who ask before it begins, and one more for all who ask meanwhile', async () => {
    const looks: PromiseWithResolvers<number>[] = [];
    const ask = joined(() => {
      looks.push(Promise.withResolvers<number>());
      return looks.at(-1)?.promise ?? Promise.resolve(0);
    });
    const early = [ask(), ask(), ask()];
    await Promise.resolve();
    const meanwhile = [ask(), ask()];
    expect(looks).toHaveLength(1);
    looks[0]?.resolve(1);
    expect(await Promise.all(early)).toEqual([1, 1, 1]);
    await new Promise(setImmediate);
    expect(looks).toHaveLength(2);
    looks[1]?.resolve(2);
    expect(await Promise.all(meanwhile)).toEqual([2, 2]);
  });

  it('fail for those alone who asked for the one that failed', async () => {
    let looks = 0;
    const ask = joined(async () => {
      looks += 1;
      if (looks === 1) throw new Error('away');
      return looks;
    });
    await expect(ask()).rejects.toThrow('away');
    expect(await ask()).toBe(2);
  });
});
