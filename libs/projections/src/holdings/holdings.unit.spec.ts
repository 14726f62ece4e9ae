import { describe, expect, it } from '@jest/globals';
import type { NewEvent } from '@abland/kernel';
import fc from 'fast-check';
import { BadEventError } from '../engine/errors.js';
import { Fold } from '../testing/fold.js';
import { holdingsProjection } from './projection.js';
import { holdings, tokenSupplies } from './tables.js';

const TOKEN = `0x${'1'.repeat(40)}`;
const ZERO = `0x${'0'.repeat(40)}`;
const PEOPLE = ['a', 'b', 'c'].map((letter) => `0x${letter.repeat(40)}`);
const [ALICE, BOB] = PEOPLE as [string, string, string];

function transfer(from: string, to: string, amount: bigint): NewEvent {
  const chain = {
    chainId: 1,
    blockNumber: 1,
    blockHash: ZERO,
    blockTime: 1,
    txHash: ZERO,
    logIndex: 0,
    commandId: null,
  };
  return {
    id: '00000000-0000-4000-8000-000000000000',
    type: 'Transfer',
    version: 1,
    data: { tokenAddress: TOKEN, from, to, amount: `${amount}` },
    metadata: { correlationId: 'c', causationId: null, actor: 'chain', chain },
  };
}
const balance = (fold: Fold, holder: string) => fold.row(holdings, { token: TOKEN, holder })?.balance;
const supply = (fold: Fold) => fold.row(tokenSupplies, { token: TOKEN });

describe('holdings', () => {
  it('count a holder when the first unit comes and no longer when the last one leaves', () => {
    const fold = new Fold(holdingsProjection);
    fold.tell([transfer(ZERO, ALICE, 10n), transfer(ALICE, BOB, 4n)]);
    expect(supply(fold)).toMatchObject({ supply: 10n, holders: 2, transfers: 2 });
    fold.tell([transfer(ALICE, BOB, 6n)]);
    expect(balance(fold, ALICE)).toBeUndefined();
    expect(balance(fold, BOB)).toBe(10n);
    expect(supply(fold)).toMatchObject({ supply: 10n, holders: 1 });
  });

  it('are not changed by a transfer to oneself or of nothing', () => {
    const fold = new Fold(holdingsProjection);
    fold.tell([transfer(ZERO, ALICE, 10n), transfer(ALICE, ALICE, 10n), transfer(BOB, ALICE, 0n)]);
    expect(balance(fold, ALICE)).toBe(10n);
    expect(balance(fold, BOB)).toBeUndefined();
    expect(supply(fold)).toMatchObject({ supply: 10n, holders: 1 });
  });

  it('shrink with the supply when tokens are burnt', () => {
    const fold = new Fold(holdingsProjection);
    fold.tell([transfer(ZERO, ALICE, 10n), transfer(ALICE, ZERO, 3n)]);
    expect(balance(fold, ALICE)).toBe(7n);
    expect(supply(fold)).toMatchObject({ supply: 7n, holders: 1 });
  });

  it('refuse a transfer of more than its sender has', () => {
    const fold = new Fold(holdingsProjection);
    fold.tell([transfer(ZERO, ALICE, 10n)]);
    expect(() => fold.tell([transfer(ALICE, BOB, 11n)])).toThrow(BadEventError);
  });

  it('add up to the supply after any possible transfers', () => {
    const party = fc.constantFrom(ZERO, ...PEOPLE);
    fc.assert(
      fc.property(fc.array(fc.tuple(party, party, fc.bigInt({ min: 0n, max: 100n }))), (moves) => {
        const fold = new Fold(holdingsProjection);
        const model = new Map<string, bigint>();
        for (const [from, to, amount] of moves) {
          if (from !== ZERO && (model.get(from) ?? 0n) < amount) continue;
          if (from !== ZERO) model.set(from, (model.get(from) ?? 0n) - amount);
          if (to !== ZERO) model.set(to, (model.get(to) ?? 0n) + amount);
          fold.tell([transfer(from, to, amount)]);
        }
        const total = [...model.values()].reduce((sum, value) => sum + value, 0n);
        for (const person of PEOPLE) expect(balance(fold, person) ?? 0n).toBe(model.get(person) ?? 0n);
        expect(supply(fold)?.supply ?? 0n).toBe(total);
        expect(supply(fold)?.holders ?? 0).toBe([...model.values()].filter((value) => value > 0n).length);
      }),
    );
  });
});
