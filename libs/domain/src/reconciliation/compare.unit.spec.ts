import { describe, expect, it } from '@jest/globals';
import { differencesOf } from './compare.js';

const ZERO = `0x${'0'.repeat(40)}`;

describe('two sides', () => {
  it('differ by every value that is not the same, and by no other', () => {
    const ours = { reserveA: '1', reserveB: '2', paused: 'true' };
    expect(differencesOf(ours, { ...ours })).toEqual([]);
    expect(differencesOf(ours, { ...ours, reserveB: '3', paused: 'false' })).toEqual([
      { name: 'reserveB', ours: '2', chain: '3' },
      { name: 'paused', ours: 'true', chain: 'false' },
    ]);
  });

  it('agree where one has nothing and the other zero, nobody or no', () => {
    expect(differencesOf(null, { balance: '0', paused: 'false', owner: ZERO })).toEqual([]);
    expect(differencesOf({ balance: '0', paused: 'false', owner: ZERO }, null)).toEqual([]);
    expect(differencesOf(null, null)).toEqual([]);
  });

  it('differ where one has nothing and the other something', () => {
    expect(differencesOf(null, { balance: '5' })).toEqual([{ name: 'balance', ours: '0', chain: '5' }]);
    expect(differencesOf({ balance: '5' }, null)).toEqual([{ name: 'balance', ours: '5', chain: '0' }]);
  });

  it('do not differ by what the chain tells and nobody keeps', () => {
    expect(differencesOf({ swapFee: '30' }, { swapFee: '30', owner: '0x01' })).toEqual([]);
  });
});
