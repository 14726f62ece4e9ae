import { describe, expect, it } from '@jest/globals';
import { ActKeys } from './act-keys.js';
import type { Told } from './errors.js';

const LOST: Told = { code: null, message: 'The server cannot be reached' };
const REFUSED: Told = { code: 'BUILD_BEHIND', message: 'Not level yet' };
const INTENT = 'promote tokens 3';

describe('the name that an act is sent under', () => {
  const keys = new ActKeys();
  /** The keys that an act is sent under, answered so one after another. */
  const sent = async (answers: readonly (Told | null)[], reasons: readonly string[] = []) => {
    const used: string[] = [];
    for (const [index, answer] of answers.entries())
      await keys.send(INTENT, reasons[index] ?? 'It holds', (key) => {
        used.push(key);
        return Promise.resolve(answer);
      });
    return used;
  };

  it.each([
    ['nothing came', null],
    ['a part was out of reach', 'SERVICE_UNAVAILABLE'],
    ['our code broke', 'INTERNAL_SERVER_ERROR'],
  ])('stays the same where %s, wherever it is sent again from, and its reason is known', async (_, code) => {
    const [first, again] = await sent([
      { ...LOST, code },
      { ...LOST, code },
    ]);
    expect(again).toBe(first);
    expect(keys.reasonOf(INTENT)).toBe('It holds');
    const [later, next] = await sent([null, null]);
    expect(later).toBe(first);
    expect(next).not.toBe(first);
    expect(keys.reasonOf(INTENT)).toBeNull();
  });

  it('is another once it was refused: who asks again wants it done anew', async () => {
    const [first, again] = await sent([REFUSED, null]);
    expect(again).not.toBe(first);
  });

  it('is another for another reason, and for another act', async () => {
    const [first, other] = await sent([LOST, LOST], ['It holds', 'It holds well']);
    expect(other).not.toBe(first);
    let another = '';
    await keys.send('discard tokens 3', 'It holds well', (key) => {
      another = key;
      return Promise.resolve(null);
    });
    expect(another).not.toBe(other);
    expect(keys.reasonOf(INTENT)).toBe('It holds well');
  });

  it('is kept of an act that is on its way while it is asked for once more', async () => {
    const answer = Promise.withResolvers<Told | null>();
    const used: string[] = [];
    const slow = keys.send('pause pools 1', 'To look', (key) => {
      used.push(key);
      return answer.promise;
    });
    await keys.send('pause pools 1', 'To look', (key) => {
      used.push(key);
      return Promise.resolve(LOST);
    });
    expect(used[1]).toBe(used[0]);
    answer.resolve(null);
    await slow;
    expect(keys.reasonOf('pause pools 1')).toBeNull();
  });
});
