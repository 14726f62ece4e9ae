import { describe, expect, it } from '@jest/globals';
import { InTurnByKey } from './in-turn.js';

describe('work in turn', () => {
  it('runs one after another for a key, also after a failure, and at once for others', async () => {
    const inTurn = new InTurnByKey();
    const told: string[] = [];
    const work =
      (name: string, fails = false) =>
      async () => {
        told.push(`${name} begins`);
        await new Promise((resolve) => setImmediate(resolve));
        told.push(`${name} ends`);
        if (fails) throw new Error(name);
      };
    const runs = [
      inTurn.run('a', work('first', true)),
      inTurn.run('a', work('second')),
      inTurn.run('b', work('other')),
    ];
    expect((await Promise.allSettled(runs)).map(({ status }) => status)).toEqual([
      ...['rejected', 'fulfilled', 'fulfilled'],
    ]);
    expect(told.filter((one) => !one.startsWith('other'))).toEqual([
      ...['first begins', 'first ends', 'second begins', 'second ends'],
    ]);
    expect(told.indexOf('other begins')).toBeLessThan(told.indexOf('first ends'));
  });
});
